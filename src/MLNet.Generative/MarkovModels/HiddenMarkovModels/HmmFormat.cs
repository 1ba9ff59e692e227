namespace MLNet.Generative;

/// <summary>A hidden Markov model in a model file.</summary>
internal static class HmmFormat
{
    private const double Tolerance = 1e-6;

    // *** Binary format ***
    // HmmEmission: emissions, which say K
    // double[K]: π
    // double[K·K]: A, row by row

    public static void Write(BinaryWriter writer, HmmModel model)
    {
        HmmEmissionFormat.Write(writer, model.Emissions);
        foreach (double probability in model.InitialProbabilities)
            writer.Write(probability);
        foreach (double probability in model.Transitions)
            writer.Write(probability);
    }

    public static HmmModel Read(BlockReader reader)
    {
        HmmEmission emissions = HmmEmissionFormat.Read(reader);
        int states = emissions.NumberOfStates;
        double[] initial = reader.ReadFinite(states, "the initial probabilities");
        CheckProbabilities(reader, initial, "the initial probabilities");
        double[] transitions = reader.ReadFinite((long)states * states, "the transition probabilities");
        for (int i = 0; i < states; i++)
            CheckProbabilities(reader, transitions.AsSpan(i * states, states), "the transition probabilities of a state");
        return new HmmModel(initial, transitions, emissions);
    }

    private static void CheckProbabilities(BlockReader reader, ReadOnlySpan<double> probabilities, string what)
    {
        double sum = 0;
        foreach (double probability in probabilities)
        {
            reader.Check(probability >= 0, $"{what} include a negative one");
            sum += probability;
        }
        reader.Check(Math.Abs(sum - 1) <= Tolerance, $"{what} sum to {sum}");
    }
}
