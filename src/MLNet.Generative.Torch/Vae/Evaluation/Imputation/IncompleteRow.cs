namespace MLNet.Generative;

/// <summary>A row of which some features are known.</summary>
/// <param name="Values">D values in the network's units, 0 where nothing is known.</param>
/// <param name="Observed">Which of them are known.</param>
internal sealed record IncompleteRow(float[] Values, bool[] Observed);
