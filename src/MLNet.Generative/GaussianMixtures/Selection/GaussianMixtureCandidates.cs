namespace MLNet.Generative;

/// <summary>The mixtures that a selection tries.</summary>
internal static class GaussianMixtureCandidates
{
    private static readonly CovarianceType[] s_all = [.. CovarianceStructure.All.Select(structure => structure.Type)];
    private static readonly CovarianceType[] s_allOfOneFeature = [CovarianceType.EEE, CovarianceType.VVV];

    /// <summary>Numbers of components upwards, and for each all covariance types.</summary>
    /// <exception cref="ArgumentException">A type needs more features, two mean the same, or there are more components than distinct rows.</exception>
    public static (int NumberOfComponents, CovarianceType Type)[] Of(GaussianMixtureSelectionOptions options, WeightedRows rows)
    {
        IReadOnlyList<CovarianceType> types = options.CovarianceTypes ?? (rows.Dimension == 1 ? s_allOfOneFeature : s_all);
        if (rows.Dimension == 1)
            CheckTypesOfOneFeature(types);
        CheckEnoughRows(options.MaximumNumberOfComponents, rows);

        int count = options.MaximumNumberOfComponents - options.MinimumNumberOfComponents + 1;
        return [.. Enumerable.Range(options.MinimumNumberOfComponents, count).SelectMany(_ => types, (components, type) => (components, type))];
    }

    // Letters other than the first say how shapes and orientations go with volumes. With one feature there are none of them to go another way.
    private static void CheckTypesOfOneFeature(IReadOnlyList<CovarianceType> types)
    {
        const string name = nameof(GaussianMixtureSelectionOptions.CovarianceTypes);
        var seen = new Dictionary<string, string>();
        foreach (CovarianceType type in types)
        {
            string letters = CovarianceStructure.Of(type).Letters;
            if (letters.Any(letter => letter != 'I' && letter != letters[0]))
                throw new ArgumentException($"{name} has {letters}, which needs more than one feature; the rows have one. With one feature take {nameof(CovarianceType.EEE)}, one variance for all components, and {nameof(CovarianceType.VVV)}, one of each, or leave {name} null for both.", nameof(types));
            string meaning = type.ToLetters(1);
            if (!seen.TryAdd(meaning, letters))
                throw new ArgumentException($"{name} has {seen[meaning]} and {letters}, which are the same with one feature: {meaning}. Give one of them.", nameof(types));
        }
    }

    private static void CheckEnoughRows(int components, WeightedRows rows)
    {
        int distinct = DistinctRows.Find(rows, Enumerable.Range(0, rows.Count), components).Count;
        if (distinct == 0)
            throw new ArgumentException(rows.Count == 0 ? "There are no rows to learn from." : $"All {rows.Count} rows have weight 0. Give at least one row a positive weight.", nameof(rows));
        if (distinct < components)
            throw new ArgumentException($"{nameof(GaussianMixtureSelectionOptions.MaximumNumberOfComponents)} is {components}, but the {rows.Count} rows have only {distinct} distinct values of positive weight. Lower it to {distinct} or less, or give more data.", nameof(rows));
    }
}
