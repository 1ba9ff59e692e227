// A mixture learns how benign tissue measures; tissue that is improbable under it is strange. No malignant row is seen in training.
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Generative;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var mlContext = new MLContext(seed: 1);
string path = Path.Combine(AppContext.BaseDirectory, "data", "breast_cancer.csv");
IDataView data = mlContext.Data.LoadFromTextFile<Tissue>(path, separatorChar: ',', hasHeader: true);

DataOperationsCatalog.TrainTestData split = mlContext.Data.TrainTestSplit(data, testFraction: 0.5);
IDataView benign = mlContext.Data.FilterRowsByColumn(split.TrainSet, nameof(Tissue.IsBenign), lowerBound: 1);

EstimatorChain<AnomalyTransformer> pipeline = mlContext.Transforms.NormalizeMeanVariance("Features", nameof(Tissue.Measurements), fixZero: false)
    .Append(mlContext.AnomalyDetection.Trainers.GaussianMixture(numberOfComponents: 1, contamination: 0.05f));
TransformerChain<AnomalyTransformer> detector = pipeline.Fit(benign);

// The evaluator wants 1 for what is to be found.
IDataView scored = mlContext.Transforms.Expression("Label", "benign => 1 - benign", nameof(Tissue.IsBenign))
    .Fit(split.TestSet).Transform(detector.Transform(split.TestSet));
AnomalyDetectionMetrics metrics = mlContext.AnomalyDetection.Evaluate(scored);
Console.WriteLine($"Area under the ROC curve on unseen rows: {metrics.AreaUnderRocCurve:f4}");

Console.WriteLine("The ten strangest of them:");
foreach (ScoredTissue tissue in mlContext.Data.CreateEnumerable<ScoredTissue>(scored, reuseRowObject: false).OrderByDescending(tissue => tissue.Score).Take(10))
    Console.WriteLine($"  score {tissue.Score,9:f1}   {(tissue.Label == 1 ? "malignant" : "benign"),-9}   {(tissue.PredictedLabel ? "anomaly" : "ordinary")}");

/// <summary>A row of the Breast Cancer Wisconsin data.</summary>
internal sealed class Tissue
{
    [LoadColumn(0, 29), VectorType(30)]
    public float[] Measurements { get; set; } = [];

    [LoadColumn(30)]
    public float IsBenign { get; set; }
}

/// <summary>What the detector says of a row.</summary>
internal sealed class ScoredTissue
{
    public float Label { get; set; }

    public float Score { get; set; }

    public bool PredictedLabel { get; set; }
}
