// Predicts with a saved model: PredictFromFile MODEL.zip INPUT.csv
// The package that can load the model is referenced by the project and named nowhere.
using System.Globalization;
using Microsoft.ML;
using PredictFromFile;

var context = new MLContext();
context.ComponentCatalog.RegisterAssembly(typeof(RarityMapping).Assembly);
ITransformer model = context.Model.Load(args[0], out DataViewSchema schema);
Eruption[] rows = [.. File.ReadLines(args[1]).Skip(1).Select(line => new Eruption
{
    Features = [.. line.Split(',').Select(cell => float.Parse(cell, CultureInfo.InvariantCulture))],
})];

if (model.GetOutputSchema(schema).GetColumnOrNull(nameof(Rarity.IsRare)) is null)
    Predict<Prediction>();
else
    Predict<RatedPrediction>();

void Predict<TPrediction>()
    where TPrediction : Prediction, new()
{
    using PredictionEngine<Eruption, TPrediction> engine = context.Model.CreatePredictionEngine<Eruption, TPrediction>(model, ignoreMissingColumns: false);
    foreach (Eruption row in rows)
        Console.WriteLine(engine.Predict(row).Describe());
}
