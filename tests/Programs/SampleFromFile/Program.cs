// Draws rows of two features, and of a label if there is one, from a saved model: SampleFromFile MODEL.zip COUNT SEED
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

var context = new MLContext();
ITransformer model = context.Model.Load(args[0], out _);
IDataView rows = model.FindGenerative().Sample(int.Parse(args[1], CultureInfo.InvariantCulture), int.Parse(args[2], CultureInfo.InvariantCulture));
foreach (Drawn row in context.Data.CreateEnumerable<Drawn>(rows, reuseRowObject: true, ignoreMissingColumns: true))
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.Label};{string.Join(' ', row.Features.Select(feature => feature.ToString("R", CultureInfo.InvariantCulture)))}"));

internal sealed class Drawn
{
    [KeyType(2)]
    public uint Label { get; set; }

    [VectorType(2)]
    public float[] Features { get; set; } = [];
}
