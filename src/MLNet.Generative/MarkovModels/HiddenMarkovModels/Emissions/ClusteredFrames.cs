namespace MLNet.Generative;

/// <summary>Frames that belong to one state each, as a starting point has them.</summary>
internal static class ClusteredFrames
{
    /// <summary>Adds all frames to the statistics, each with its weight to the state of its cluster.</summary>
    public static void AddTo(EmissionStatistics statistics, WeightedRows frames, int[] clusters, int numberOfStates)
    {
        var tile = new RowTile(frames.Dimension);
        var responsibilities = new double[numberOfStates * RowTile.Rows];
        for (int tileIndex = 0; tileIndex < frames.NumberOfTiles; tileIndex++)
        {
            int count = frames.Load(tile, tileIndex);
            responsibilities.AsSpan().Clear();
            for (int n = 0; n < count; n++)
                responsibilities[clusters[tileIndex * RowTile.Rows + n] * RowTile.Rows + n] = tile.Weights[n];
            statistics.Add(tile, count, responsibilities);
        }
    }

    /// <summary>A state at random for each frame.</summary>
    public static int[] AtRandom(WeightedRows frames, int numberOfStates, Random random)
    {
        var clusters = new int[frames.Count];
        for (int n = 0; n < clusters.Length; n++)
            clusters[n] = random.Next(numberOfStates);
        return clusters;
    }
}
