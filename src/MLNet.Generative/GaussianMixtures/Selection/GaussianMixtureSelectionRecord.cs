namespace MLNet.Generative;

/// <summary>A line of a selection as a row of a data view: its fields are the columns.</summary>
internal sealed class GaussianMixtureSelectionRecord
{
    public int NumberOfComponents;
    public string CovarianceType = "";
    public double LogLikelihood = double.NaN;
    public double NumberOfParameters = double.NaN;
    public double Aic = double.NaN;
    public double Aicc = double.NaN;
    public double Bic = double.NaN;
    public double Icl = double.NaN;
    public int NumberOfIterations;
    public string StopReason = "";
    public bool IsDegenerate;
    public bool IsBest;
    public string Notes = "";

    /// <summary>For ML.NET.</summary>
    public GaussianMixtureSelectionRecord()
    {
    }

    public GaussianMixtureSelectionRecord(GaussianMixtureSelectionRow row, bool isBest)
    {
        NumberOfComponents = row.NumberOfComponents;
        CovarianceType = row.Structure;
        IsBest = isBest;
        Notes = string.Join(' ', row.Notes);
        if (row.Summary is not { } summary)
            return;

        LogLikelihood = summary.LogLikelihood;
        NumberOfParameters = summary.NumberOfParameters;
        Aic = summary.Aic;
        Aicc = summary.Aicc;
        Bic = summary.Bic;
        Icl = summary.Icl;
        NumberOfIterations = summary.NumberOfIterations;
        StopReason = summary.StopReason.ToString();
        IsDegenerate = summary.IsDegenerate;
    }
}
