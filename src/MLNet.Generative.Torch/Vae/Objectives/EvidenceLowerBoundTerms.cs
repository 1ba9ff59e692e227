namespace MLNet.Generative;

/// <summary>The objective on some rows and its parts.</summary>
/// <param name="Objective">The mean over rows of the weighted bound: what is maximised.</param>
/// <param name="Reconstruction">The mean over rows of E_q[log p(x|z)].</param>
/// <param name="KlPerDimension">The mean over rows of the KL divergence in closed form, for each latent dimension.</param>
/// <param name="Means">The posterior means, rows × L.</param>
/// <param name="Differentiate">Adds the gradient of the negative objective to the parameters', once.</param>
internal sealed record EvidenceLowerBoundTerms(double Objective, double Reconstruction, IReadOnlyList<double> KlPerDimension, float[] Means, Action Differentiate);
