using System.ComponentModel;
using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLNet.Generative;

/// <summary>
/// The seam with ML.NET for transformers that add columns to rows: saving in checksummed blocks, schema, annotations, getters that share one computation per row or per
/// block of rows, and one warning per pass for invalid rows. For the authors of transformers in this family of packages.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class GenerativeTransformerBase : RowToRowTransformerBase, ITransformer
{
    private readonly Lock _seedLock = new();

    /// <summary>Makes a transformer.</summary>
    /// <param name="host">Its host.</param>
    protected GenerativeTransformerBase(IHost host)
        : base(host)
    {
    }

    /// <summary>The columns that the transformer adds.</summary>
    protected abstract IReadOnlyList<OutputColumn> Columns { get; }

    /// <summary>The columns that scoring reads, once they are known to have the right types.</summary>
    /// <param name="schema">The schema of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    protected abstract IReadOnlyList<DataViewSchema.Column> FindInputs(DataViewSchema schema);

    /// <summary>
    /// How many rows are scored in one call where many are read: 1 for a model that gains nothing by more. Values must not depend on which rows are scored together.
    /// </summary>
    protected internal virtual int RowsPerBlock => 1;

    /// <summary>Makes the scorer of a cursor whose rows have the input columns, all of them active.</summary>
    /// <param name="input">The row, which changes as its cursor moves.</param>
    protected abstract RowScorer CreateScorer(DataViewRow input);

    /// <summary>How the transformer is marked in a model file.</summary>
    protected abstract ModelFormat Format { get; }

    /// <summary>Writes what the constructor that loads needs, apart from other models.</summary>
    /// <param name="writer">Where to write.</param>
    protected abstract void WritePayload(BinaryWriter writer);

    /// <summary>The data with the columns that this transformer adds, computed as they are read.</summary>
    /// <param name="input">The data.</param>
    /// <exception cref="ArgumentNullException"><paramref name="input"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    // The method of the base class is not virtual. Naming ITransformer again makes this one its implementation, for chains of transformers and all who call it there.
    public new IDataView Transform(IDataView input)
    {
        IDataView rowWise = base.Transform(input);
        return RowsPerBlock > 1 ? new BlockScoredView(Host, input, rowWise, Columns.Select(column => column.Name), RowsPerBlock) : rowWise;
    }

    /// <summary>A seed for draws for which the user gave none: from the <c>MLContext</c>, so that a context with a seed gives the same draws every time.</summary>
    protected int NextSeed()
    {
        // The generator of a host is not made for several threads.
        lock (_seedLock)
            return Host.Rand.Next();
    }

    /// <summary>A transformer that this one contains and that is saved beside its block; <see langword="null"/> for none, as in most.</summary>
    protected virtual (string Folder, ITransformer Transformer)? Part => null;

    /// <inheritdoc/>
    protected sealed override void SaveModel(ModelSaveContext ctx)
    {
        Host.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Format.ToVersionInfo());
        ModelBlock.Write(ctx.Writer, WritePayload);
        if (Part is { } part)
            ctx.SaveModel(part.Transformer, part.Folder);
    }

    /// <summary>Checks the header of a model file and reads its block.</summary>
    /// <param name="environment">ML.NET's environment.</param>
    /// <param name="context">The model file at this transformer.</param>
    /// <param name="format">How this kind of transformer is marked.</param>
    /// <param name="readPayload">Makes the transformer from a host and the verified block.</param>
    /// <exception cref="FormatException">The file is from a newer version, or damaged.</exception>
    protected static T ReadModel<T>(IHostEnvironment environment, ModelLoadContext context, ModelFormat format, Func<IHost, BlockReader, T> readPayload)
    {
        MLNetInternals.Require();
        IHost host = environment.Register(format.LoaderSignature);
        host.CheckValue(context, nameof(context));
        if (context.Header.ModelSignature == format.ToVersionInfo().ModelSignature && context.Header.ModelVerReadable > format.Written)
            throw host.ExceptDecode($"The model file was written by a newer version of MLNet.Generative: '{format.LoaderSignature}' has format {context.Header.ModelVerReadable:x8}, this version reads up to {format.Written:x8}. Update the MLNet.Generative package.");
        context.CheckAtModel(format.ToVersionInfo());
        return ModelBlock.Read(host, context.Reader, reader => readPayload(host, reader));
    }

    /// <summary>Loads the transformer that was saved as <see cref="Part"/>.</summary>
    /// <param name="environment">ML.NET's environment.</param>
    /// <param name="context">The model file at the transformer that contains it.</param>
    /// <param name="folder">The folder under which it was saved.</param>
    /// <exception cref="FormatException">It is of another kind.</exception>
    protected static T LoadPart<T>(IHostEnvironment environment, ModelLoadContext context, string folder)
        where T : class, ITransformer
    {
        context.LoadModel<ITransformer, SignatureLoadModel>(environment, out ITransformer part, folder);
        return part as T ?? throw environment.ExceptDecode($"The model file cannot be read: '{folder}' is a {part.GetType().Name}, which is no {typeof(T).Name}.");
    }

    /// <inheritdoc/>
    protected sealed override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private sealed class Mapper : MapperBase
    {
        private readonly GenerativeTransformerBase _parent;
        private readonly IReadOnlyList<DataViewSchema.Column> _inputs;
        private int _openCursors;
        private long _invalidRows;

        public Mapper(GenerativeTransformerBase parent, DataViewSchema schema)
            : base(parent.Host, schema, parent)
        {
            _parent = parent;
            _inputs = parent.FindInputs(schema);
        }

        public override Delegate[] CreateGetters(DataViewRow input, Func<int, bool> activeOutput, out Action disposer)
        {
            var getters = new Delegate[_parent.Columns.Count];
            disposer = null!;
            int[] active = [.. Enumerable.Range(0, getters.Length).Where(activeOutput)];
            if (active.Length == 0)
                return getters;

            RowScorer scorer = _parent.CreateScorer(input);
            foreach (int output in active)
                getters[output] = scorer.CreateGetter(output);
            Interlocked.Increment(ref _openCursors);
            disposer = () => Close(scorer);
            return getters;
        }

        // The base asks for single getters only from the method above, which is overridden because getters share a scorer.
        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer) =>
            throw new UnreachableException();

        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore()
        {
            uint setId = InputSchema.GetMaxAnnotationKind(out _, AnnotationUtils.Kinds.ScoreColumnSetId) + 1;
            return [.. _parent.Columns.Select(column => column.ToColumn(setId))];
        }

        protected override Func<int, bool> GetDependenciesCore(Func<int, bool> activeOutput)
        {
            bool any = Enumerable.Range(0, _parent.Columns.Count).Any(activeOutput);
            return column => any && _inputs.Any(input => input.Index == column);
        }

        protected override void SaveModel(ModelSaveContext ctx) => _parent.SaveModel(ctx);

        // The cursors of one parallel pass count together; the last one to close speaks for all.
        private void Close(RowScorer scorer)
        {
            scorer.Dispose();
            Interlocked.Add(ref _invalidRows, scorer.NumberOfInvalidRows);
            if (Interlocked.Decrement(ref _openCursors) > 0)
                return;
            long invalid = Interlocked.Exchange(ref _invalidRows, 0);
            if (invalid == 0)
                return;
            using IChannel channel = Host.Start("Transform");
            string columns = string.Join(", ", _inputs.Select(input => $"'{input.Name}'"));
            channel.Warning($"{invalid} {(invalid == 1 ? "row has" : "rows have")} an invalid value in column {columns}: less probable than any other.");
        }
    }
}
