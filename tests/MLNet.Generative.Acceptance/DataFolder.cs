namespace MLNet.Generative.Acceptance;

/// <summary>Data that are no part of the project: a folder that the user names.</summary>
/// <param name="Title">What the data are.</param>
/// <param name="Option">The option of the command that names the folder.</param>
/// <param name="EnvironmentVariable">The environment variable that names it where the option does not.</param>
/// <param name="Files">The files that must lie in it.</param>
public sealed record DataFolder(string Title, string Option, string EnvironmentVariable, IReadOnlyList<string> Files)
{
    /// <summary>MNIST: handwritten digits of 28 × 28 grey pixels, 60,000 to train on and 10,000 to test on (LeCun, Cortes and Burges 1998).</summary>
    public static DataFolder Mnist { get; } = new(
        "MNIST in its original format",
        "--mnist",
        "MLNET_GENERATIVE_MNIST",
        [ImageSet.TrainingFile, ImageSet.TestFile]);

    /// <summary>Six sets of the collection ADBench (Han et al. 2022), each written as one compressed file of features and a label.</summary>
    public static DataFolder Anomalies { get; } = new(
        "Six sets of ADBench as comma-separated values",
        "--anomalies",
        "MLNET_GENERATIVE_ANOMALIES",
        ["6_cardio.csv.gz", "38_thyroid.csv.gz", "14_glass.csv.gz", "42_WBC.csv.gz", "40_vowels.csv.gz", "18_Ionosphere.csv.gz"]);

    /// <summary>Every kind.</summary>
    public static IReadOnlyList<DataFolder> All { get; } = [Mnist, Anomalies];

    /// <summary>The folders that environment variables name.</summary>
    public static Dictionary<DataFolder, string> FromEnvironment() => All
        .Select(data => (Data: data, Path: Environment.GetEnvironmentVariable(data.EnvironmentVariable)))
        .Where(found => !string.IsNullOrEmpty(found.Path))
        .ToDictionary(found => found.Data, found => found.Path!);

    /// <summary>What is missing, and how to give it; <see langword="null"/> if nothing is.</summary>
    public string? Problem(IReadOnlyDictionary<DataFolder, string> folders)
    {
        string advice = $"Give the folder with {string.Join(" and ", Files)} as {Option} FOLDER, or in the environment variable {EnvironmentVariable}.";
        if (!folders.TryGetValue(this, out string? folder))
            return $"{Title} is missing. {advice}";
        string? absent = Files.FirstOrDefault(file => !File.Exists(Path.Combine(folder, file)));
        return absent is null ? null : $"{Title}: there is no {absent} in {folder}. {advice}";
    }
}
