namespace MLNet.Generative;

/// <summary>What the M-step of a covariance structure knows of the rows: for each component N_k and S_k = W_k / N_k + εI, with W_k the scatter about its mean and ε the regularisation.</summary>
internal sealed class ComponentScatters
{
    public ComponentScatters(IReadOnlyList<WeightedScatter> scatters, double regularization, bool isDiagonal)
    {
        Dimension = scatters[0].Mean.Length;
        Means = [.. scatters.Select(scatter => scatter.Mean)];
        Weights = [.. scatters.Select(scatter => scatter.Weight)];
        TotalWeight = Weights.Sum();
        Matrices = new double[Count][];
        for (int k = 0; k < Count; k++)
        {
            double[] matrix = scatters[k].Matrix;
            Matrices[k] = new double[matrix.Length];
            for (int i = 0; i < matrix.Length; i++)
                Matrices[k][i] = matrix[i] / Weights[k];
            for (int j = 0; j < Dimension; j++)
                Matrices[k][isDiagonal ? j : j * Dimension + j] += regularization;
        }
    }

    /// <summary>K.</summary>
    public int Count => Weights.Length;

    /// <summary>D.</summary>
    public int Dimension { get; }

    /// <summary>N_k.</summary>
    public double[] Weights { get; }

    /// <summary>Σ_k N_k.</summary>
    public double TotalWeight { get; }

    /// <summary>The components' means.</summary>
    public double[][] Means { get; }

    /// <summary>S_k, row-major, or its diagonal where the structure is diagonal.</summary>
    public double[][] Matrices { get; }

    /// <summary>Σ_k N_k S_k / Σ_k N_k.</summary>
    public double[] Pooled()
    {
        var pooled = new double[Matrices[0].Length];
        for (int k = 0; k < Count; k++)
        {
            double share = Weights[k] / TotalWeight;
            for (int i = 0; i < pooled.Length; i++)
                pooled[i] += share * Matrices[k][i];
        }
        return pooled;
    }
}
