using Microsoft.ML;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests.MarkovModels.Sequences;

/// <summary>How much memory a pass takes. It is the process's, so that no other test may run beside.</summary>
[Collection(nameof(SequenceMemoryTests))]
[CollectionDefinition(nameof(SequenceMemoryTests), DisableParallelization = true)]
public sealed class SequenceMemoryTests
{
    private static readonly string[] Values = ["Double", "Point", "Pair"];

    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void Many_rows_pass_through_little_memory()
    {
        const int numberOfRows = 200_000;
        IDataView rows = _context.Data.LoadFromEnumerable(Stream(numberOfRows, n => n / 100));
        IDataView interleaved = _context.Data.LoadFromEnumerable(Stream(numberOfRows, n => n % 2000));
        IDataView grouped = _context.Data.GroupSequences(rows, "Number", Values);
        IDataView sorted = new GroupedView(ViewHost.Of(_context.Data, "Test"), interleaved, "Number", Values, "Time", limits: new SequenceLimits(1 << 20, Array.MaxLength));
        foreach ((IDataView view, int expected) in ((IDataView, int)[])[(grouped, 2000), (sorted, 2000), (_context.Data.FlattenSequences(grouped, "Number", Values), numberOfRows)])
        {
            using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
            Func<object>[] readers = [.. view.Schema.Select(column => RowTable.CreateReader(cursor, column))];
            long before = GC.GetTotalMemory(forceFullCollection: true);
            int count = 0;
            while (cursor.MoveNext())
            {
                foreach (Func<object> read in readers)
                    read();
                if (++count % (expected / 4) == 1)
                    Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 4 << 20);
            }
            Assert.Equal(expected, count);
        }
    }

    private static IEnumerable<Step> Stream(int count, Func<int, int> number)
    {
        for (int n = 0; n < count; n++)
            yield return new Step { Number = number(n), Time = -n, Point = [n, n, n], Pair = [n, n] };
    }
}
