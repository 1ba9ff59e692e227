using System.Collections.Concurrent;

namespace MLNet.Generative;

/// <summary>
/// Several families side by side, p(x | k) = Π_i p_i(x_i | k): each part emits some of the features, in their order, and the parts are independent given the state.
/// </summary>
public sealed class ProductEmission : HmmEmission
{
    private readonly HmmEmission[] _parts;
    private readonly ConcurrentBag<Scratch> _scratch = [];

    /// <summary>Puts parts together.</summary>
    /// <param name="parts">The parts, each of the next features, all with the same number of states; none a product itself.</param>
    /// <exception cref="ArgumentNullException"><paramref name="parts"/> is null.</exception>
    /// <exception cref="ArgumentException">There is none, one is null or a product, or the numbers of states differ.</exception>
    public ProductEmission(params IReadOnlyList<HmmEmission> parts)
        : this(Check(parts), parts[0].NumberOfStates)
    {
    }

    internal ProductEmission(HmmEmission[] parts, int numberOfStates)
        : base(numberOfStates, parts.Sum(part => part.Dimension))
    {
        _parts = parts;
        Parts = Array.AsReadOnly(parts);
    }

    /// <inheritdoc/>
    public override EmissionType Type => EmissionType.Product;

    /// <summary>The parts, in the order of their features.</summary>
    public IReadOnlyList<HmmEmission> Parts { get; }

    /// <inheritdoc/>
    public override int NumberOfParameters => _parts.Sum(part => part.NumberOfParameters);

    internal static ProductEmission Create(int numberOfStates, IReadOnlyList<HmmEmission> parts)
    {
        HmmEmission[] copy = Check(parts);
        EmissionParameters.CheckNumberOfStates(copy[0].NumberOfStates, numberOfStates, "states in every part", nameof(parts));
        return new ProductEmission(copy, numberOfStates);
    }

    internal override string? FindProblem(ReadOnlySpan<double> frame, int firstFeature = 0)
    {
        int first = 0;
        foreach (HmmEmission part in _parts)
        {
            if (part.FindProblem(frame.Slice(first, part.Dimension), firstFeature + first) is { } problem)
                return problem;
            first += part.Dimension;
        }
        return null;
    }

    internal override void ComputeLogLikelihoods(ReadOnlySpan<double> frame, Span<double> logLikelihoods)
    {
        Span<double> ofPart = NumberOfStates <= 256 ? stackalloc double[NumberOfStates] : new double[NumberOfStates];
        logLikelihoods.Clear();
        int first = 0;
        foreach (HmmEmission part in _parts)
        {
            part.ComputeLogLikelihoods(frame.Slice(first, part.Dimension), ofPart);
            for (int k = 0; k < ofPart.Length; k++)
                logLikelihoods[k] += ofPart[k];
            first += part.Dimension;
        }
    }

    internal override void ComputeLogLikelihoods(RowTile tile, int count, Span<double> logLikelihoods)
    {
        Scratch scratch = _scratch.TryTake(out Scratch? free) ? free : new Scratch(_parts);
        Span<double> all = logLikelihoods[..(NumberOfStates * RowTile.Rows)];
        all.Clear();
        int first = 0;
        for (int i = 0; i < _parts.Length; i++)
        {
            scratch.Tiles[i].LoadFeatures(tile, first);
            _parts[i].ComputeLogLikelihoods(scratch.Tiles[i], count, scratch.LogLikelihoods);
            for (int k = 0; k < NumberOfStates; k++)
            {
                for (int n = k * RowTile.Rows; n < k * RowTile.Rows + count; n++)
                    all[n] += scratch.LogLikelihoods[n];
            }
            first += _parts[i].Dimension;
        }
        _scratch.Add(scratch);
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
            reader.Check(parts[i].NumberOfStates == numberOfStates, $"part {i} has {parts[i].NumberOfStates} states");
        }
        var product = new ProductEmission(parts, numberOfStates);
        reader.Check(product.Dimension == dimension, $"the parts have {product.Dimension} features together");
        return product;
    }

    private static HmmEmission[] Check(IReadOnlyList<HmmEmission> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Count == 0)
            throw new ArgumentException("There are no parts. Give one emission or more.", nameof(parts));
        HmmEmission[] copy = [.. parts];
        for (int i = 0; i < copy.Length; i++)
        {
            if (copy[i] is null)
                throw new ArgumentException($"Part {i} is null.", nameof(parts));
            if (copy[i] is ProductEmission)
                throw new ArgumentException($"Part {i} is a product itself. Give its parts instead.", nameof(parts));
            if (copy[i].NumberOfStates != copy[0].NumberOfStates)
                throw new ArgumentException($"Part {i} has {copy[i].NumberOfStates} states; part 0 has {copy[0].NumberOfStates}. All parts need the same states.", nameof(parts));
        }
        return copy;
    }

    private sealed class Scratch(HmmEmission[] parts)
    {
        public RowTile[] Tiles { get; } = Array.ConvertAll(parts, part => new RowTile(part.Dimension));

        public double[] LogLikelihoods { get; } = new double[parts[0].NumberOfStates * RowTile.Rows];
    }
}
