using System.Numerics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Generative;

/// <summary>Scores the rows of one cursor, block by block: only what the active columns need.</summary>
internal sealed class VaeScorer : RowScorer
{
    private readonly VaeModel _model;
    private readonly IReadOnlyList<VaeOutput> _outputs;
    private readonly Func<int, bool> _read;
    private readonly VaeBlock _block;
    private readonly bool _isSingle;
    private readonly int _imputationSamples;
    private double[] _reconstruction = [];
    private bool _needsCode;
    private bool _needsReconstruction;
    private bool _needsLogDensity;
    private ImputedRows? _imputed;

    public VaeScorer(VaeModel model, IReadOnlyList<VaeOutput> outputs, bool isSingle, int imputationSamples, DataViewRow input, DataViewSchema.Column column)
        : base(input, BlockRows.Many)
    {
        _model = model;
        _outputs = outputs;
        _isSingle = isSingle;
        _imputationSamples = imputationSamples;
        _block = new VaeBlock(model, NumberOfSlots);
        _read = ((VectorDataViewType)column.Type).ItemType == NumberDataViewType.Double ? CreateReader<double>(input, column) : CreateReader<float>(input, column);
    }

    public override Delegate CreateGetter(int output)
    {
        _needsCode |= _outputs[output] is not (VaeOutput.LogDensity or VaeOutput.Imputation);
        _needsReconstruction |= _outputs[output] == VaeOutput.Reconstruction;
        _needsLogDensity |= _outputs[output] == VaeOutput.LogDensity;
        if (_outputs[output] == VaeOutput.Imputation)
            _imputed ??= new ImputedRows(_model, _imputationSamples, NumberOfSlots);
        return _outputs[output] switch
        {
            VaeOutput.Latent => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => Copy(_block.Means, ref value)),
            VaeOutput.StandardDeviation => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => Copy(_block.StandardDeviations, ref value)),
            VaeOutput.Reconstruction when _isSingle => (ValueGetter<VBuffer<float>>)GetReconstruction,
            VaeOutput.Reconstruction => (ValueGetter<VBuffer<double>>)GetReconstruction,
            VaeOutput.Imputation when _isSingle => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => _imputed!.Get(Update(), ref value)),
            VaeOutput.Imputation => (ValueGetter<VBuffer<double>>)((ref VBuffer<double> value) => _imputed!.Get(Update(), ref value)),
            _ => (ValueGetter<float>)((ref float value) => value = ToFinite(_block.LogDensity(Update()))),
        };
    }

    public override void Dispose()
    {
        _block.Dispose();
        base.Dispose();
    }

    protected override bool Read(int slot) => _read(slot);

    protected override void Score(int count)
    {
        // A score finds the code too.
        if (_needsLogDensity)
            _block.Score(count);
        else if (_needsCode)
            _block.Encode(count);
        if (_needsReconstruction)
            _block.Decode(count);
        _imputed?.Impute(count);
    }

    // Straight from the column's own values where they are dense: they are converted once, on the way into the block.
    private Func<int, bool> CreateReader<T>(DataViewRow input, DataViewSchema.Column column)
        where T : unmanaged, INumberBase<T>
    {
        ValueGetter<VBuffer<T>> get = input.GetGetter<VBuffer<T>>(column);
        VBuffer<T> features = default;
        T[]? dense = null;
        return slot =>
        {
            get(ref features);
            if (features.IsDense)
                return SetRow(slot, features.GetValues());
            dense ??= new T[_model.Dimension];
            features.CopyTo(dense);
            return SetRow<T>(slot, dense);
        };
    }

    private bool SetRow<T>(int slot, ReadOnlySpan<T> row)
        where T : unmanaged, INumberBase<T>
    {
        _imputed?.Set(slot, row);
        return _block.SetRow(slot, row);
    }

    private void Copy(float[] values, ref VBuffer<float> value)
    {
        int slot = Update();
        VBufferEditor<float> editor = VBufferEditor.Create(ref value, _model.LatentDimension);
        values.AsSpan(slot * _model.LatentDimension, _model.LatentDimension).CopyTo(editor.Values);
        value = editor.Commit();
    }

    private void GetReconstruction(ref VBuffer<double> value)
    {
        int slot = Update();
        VBufferEditor<double> editor = VBufferEditor.Create(ref value, _model.Dimension);
        Invert(slot, editor.Values);
        value = editor.Commit();
    }

    private void GetReconstruction(ref VBuffer<float> value)
    {
        int slot = Update();
        if (_reconstruction.Length == 0)
            _reconstruction = new double[_model.Dimension];
        Invert(slot, _reconstruction);
        VBufferEditor<float> editor = VBufferEditor.Create(ref value, _model.Dimension);
        for (int j = 0; j < _reconstruction.Length; j++)
            editor.Values[j] = ToFinite(_reconstruction[j]);
        value = editor.Commit();
    }

    private void Invert(int slot, Span<double> row) =>
        _model.Scaling.Invert(_block.Reconstructions.AsSpan(slot * _model.Dimension, _model.Dimension), row);
}
