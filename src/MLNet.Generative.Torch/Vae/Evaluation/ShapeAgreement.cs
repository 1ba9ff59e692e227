using System.Collections.Concurrent;

namespace MLNet.Generative;

/// <summary>What a block is used for.</summary>
internal enum ShapeUse
{
    /// <summary>Posteriors of rows.</summary>
    Encode,

    /// <summary>E[x|z] of codes.</summary>
    Decode,

    /// <summary>Evidence lower bounds of rows.</summary>
    Elbo,

    /// <summary>Importance-weighted bounds of rows, with the model's own samples.</summary>
    ImportanceWeightedBound,
}

/// <summary>
/// Whether small blocks may stand in for large ones: whether both give the same bits for a model's weights, on this machine, with a number of libtorch's threads. libtorch chooses its
/// kernels by the shape of a call, so that a few random rows decide it, once. Small calls are what makes a single row quick; where they do not agree, single rows are padded to a large block.
/// </summary>
internal sealed class ShapeAgreement(BlockInference inference, VaeArchitecture architecture)
{
    // Decoding takes long for a check: what holds for the first samples of a call holds for all.
    private const int ComparedSamples = 2;

    private readonly ConcurrentDictionary<(ShapeUse Use, int Threads), Lazy<bool>> _known = new();

    /// <summary>Whether they agree, for the calling thread's number of workers.</summary>
    public bool Holds(ShapeUse use) =>
        _known.GetOrAdd((use, LibTorchThreads.Adopt()), key => new Lazy<bool>(() => Check(key.Use))).Value;

    private bool Check(ShapeUse use)
    {
        int width = use == ShapeUse.Decode ? architecture.LatentDimension : architecture.Dimension;
        using var many = new BlockRows(BlockRows.Many, width);
        using var few = new BlockRows(BlockRows.Few, width);
        var random = new Random(1);
        for (int place = 0; place < BlockRows.Few; place++)
        {
            foreach (ref float value in few.Row(place))
                value = random.NextSingle();
        }
        for (int place = 0; place < BlockRows.Many; place++)
            few.Row(RowAt(place)).CopyTo(many.Row(place));
        return use switch
        {
            ShapeUse.Encode => Repeat(Encode(many), Encode(few)),
            ShapeUse.Decode => Repeat(Decode(many), Decode(few)),
            _ => Holds(ShapeUse.Encode) && ScoresAgree(many, few, use),
        };
    }

    // Row after row: means, then standard deviations.
    private float[] Encode(BlockRows rows)
    {
        int latents = architecture.LatentDimension;
        var means = new float[rows.Count * latents];
        var deviations = new float[rows.Count * latents];
        inference.Encode(rows, means, deviations);
        return [.. means.Chunk(latents).Zip(deviations.Chunk(latents)).SelectMany(pair => pair.First.Concat(pair.Second))];
    }

    private float[] Decode(BlockRows latents)
    {
        var rows = new float[latents.Count * architecture.Dimension];
        inference.Decode(latents, rows);
        return rows;
    }

    private static bool Repeat(float[] many, float[] few)
    {
        int width = few.Length / BlockRows.Few;
        return Enumerable.Range(0, BlockRows.Many).All(place => many.AsSpan(place * width, width).SequenceEqual(few.AsSpan(RowAt(place) * width, width)));
    }

    // The same rows again and again, each time one place further, so that each has been at a place of every kind.
    private static int RowAt(int place) => (place + place / BlockRows.Few) % BlockRows.Few;

    private bool ScoresAgree(BlockRows many, BlockRows few, ShapeUse use)
    {
        int samples = inference.NumberOfSamples(use);
        int compared = Math.Min(samples, ComparedSamples);
        double[] expected = inference.FirstBounds(use, many, BlockRows.Many, compared);
        if (!Agrees(many, BlockRows.Many, place => RowAt(place)) || !Agrees(few, BlockRows.Few, place => place))
            return false;

        using var one = new BlockRows(BlockRows.Few, architecture.Dimension);
        int decoded = SampleCalls.DecodedRows(BlockRows.Few, 1, samples);
        for (int row = 0; row < BlockRows.Few; row++)
        {
            few.Row(row).CopyTo(one.Row(0));
            int chosen = row;
            if (!Agrees(one, decoded, place => place == 0 ? chosen : null))
                return false;
        }
        return true;

        // In calls of every length that there is, the first samples give each row what they should.
        bool Agrees(BlockRows rows, int count, Func<int, int?> rowAt) => SampleCalls.Lengths(rows.Count, samples).All(length =>
        {
            double[] found = inference.FirstBounds(use, rows, count, length);
            return Enumerable.Range(0, Math.Min(length, compared) * count).All(i =>
                rowAt(i % count) is not { } row || found[i].Equals(expected[i / count * BlockRows.Many + row]));
        });
    }
}
