namespace MLNet.Generative;

/// <summary>A transition that a Markov chain has seen.</summary>
/// <param name="History">The symbols before, oldest first: as many as the chain's order.</param>
/// <param name="Symbol">The symbol after them.</param>
/// <param name="Count">How often it was seen, each sequence by its weight; in a model made from probabilities, the probability.</param>
/// <param name="Probability">The probability of the symbol after this history.</param>
public sealed record MarkovTransition(IReadOnlyList<int> History, int Symbol, double Count, double Probability);
