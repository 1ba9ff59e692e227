namespace MLNet.Generative;

/// <summary>
/// Several families side by side in each state, independent given the state: p(x | k) = Π_parts p(x_part | k). The first values of a frame belong to the first part, the next to the
/// second, and so on.
/// </summary>
public sealed class ProductEmission : HmmEmission
{
    private readonly HmmEmission[] _parts;

    /// <summary>Makes emissions from their parts.</summary>
    /// <param name="parts">The parts, each with the same number of states.</param>
    /// <exception cref="ArgumentNullException"><paramref name="parts"/> is null.</exception>
    /// <exception cref="ArgumentException">There is none, one is null, or they have different numbers of states.</exception>
    public ProductEmission(IReadOnlyList<HmmEmission> parts)
        : this(Check(parts))
    {
    }

    internal ProductEmission(HmmEmission[] parts)
        : base(parts[0].NumberOfStates, parts.Sum(part => part.Dimension))
    {
        _parts = parts;
        Parts = Array.AsReadOnly(parts);
    }

    /// <inheritdoc/>
    public override EmissionType Type => EmissionType.Product;

    /// <summary>The parts, in the order of their values in a frame.</summary>
    public IReadOnlyList<HmmEmission> Parts { get; }

    /// <inheritdoc/>
    public override int NumberOfParameters => _parts.Sum(part => part.NumberOfParameters);

    internal override string? FindProblem(ReadOnlySpan<double> frame)
    {
        int first = 0;
        foreach (HmmEmission part in _parts)
        {
            if (part.FindProblem(frame.Slice(first, part.Dimension)) is { } problem)
                return Renumber(problem, first);
            first += part.Dimension;
        }
        return null;
    }

    /// <summary>Parts count their features from 0: says which feature of the whole frame is meant.</summary>
    internal static string Renumber(string problem, int first) => first == 0 ? problem : $"From feature {first} on: {problem}";

    internal override void ComputeLogLikelihoods(ReadOnlySpan<double> frame, Span<double> logLikelihoods)
    {
        Span<double> own = NumberOfStates <= 256 ? stackalloc double[NumberOfStates] : new double[NumberOfStates];
        logLikelihoods.Clear();
        int first = 0;
        foreach (HmmEmission part in _parts)
        {
            part.ComputeLogLikelihoods(frame.Slice(first, part.Dimension), own);
            for (int k = 0; k < own.Length; k++)
                logLikelihoods[k] += own[k];
            first += part.Dimension;
        }
    }

    private protected override void Draw(int state, Random random, Span<double> frame)
    {
        int first = 0;
        foreach (HmmEmission part in _parts)
        {
            part.Sample(state, random, frame.Slice(first, part.Dimension));
            first += part.Dimension;
        }
    }

    // *** Binary format ***
    // int: number of parts
    // HmmEmission[]: parts
    internal override void Write(BinaryWriter writer)
    {
        writer.Write(_parts.Length);
        foreach (HmmEmission part in _parts)
            HmmEmissionFormat.Write(writer, part);
    }

    internal static ProductEmission Read(BlockReader reader, int numberOfStates, int dimension)
    {
        var parts = new HmmEmission[reader.ReadSize(1, "the number of parts")];
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = HmmEmissionFormat.ReadPart(reader);
            reader.Check(parts[i].NumberOfStates == numberOfStates, "the parts of a product have different numbers of states");
        }
        reader.Check(parts.Sum(part => part.Dimension) == dimension, "the parts of a product do not make up its values");
        return new ProductEmission(parts);
    }

    private static HmmEmission[] Check(IReadOnlyList<HmmEmission> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Count == 0)
            throw new ArgumentException("There are no parts; there is at least one.", nameof(parts));
        for (int i = 0; i < parts.Count; i++)
        {
            if (parts[i] is not { } part)
                throw new ArgumentException($"Part {i} is null.", nameof(parts));
            if (part.NumberOfStates != parts[0].NumberOfStates)
                throw new ArgumentException($"Part {i} has {part.NumberOfStates} states; the first has {parts[0].NumberOfStates}.", nameof(parts));
        }
        return [.. parts];
    }
}
