using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Generative;

/// <summary>Scores the rows of one cursor, block by block: only what the active columns need.</summary>
internal sealed class VaeScorer : RowScorer
{
    private readonly VaeModel _model;
    private readonly IReadOnlyList<VaeOutput> _outputs;
    private readonly FeatureColumn.Reader _read;
    private readonly VaeBlock _block;
    private readonly double[] _row;
    private readonly double[] _reconstruction;
    private readonly bool _isSingle;
    private readonly int _imputationSamples;
    private bool _needsCode;
    private bool _needsReconstruction;
    private bool _needsLogDensity;
    private ImputedRows? _imputed;

    public VaeScorer(VaeModel model, IReadOnlyList<VaeOutput> outputs, bool isSingle, int imputationSamples, DataViewRow input, DataViewSchema.Column column)
        : base(input, BlockInference.RowsPerBlock)
    {
        _model = model;
        _outputs = outputs;
        _isSingle = isSingle;
        _imputationSamples = imputationSamples;
        _read = FeatureColumn.CreateReader(input, column);
        _block = new VaeBlock(model);
        _row = new double[model.Dimension];
        _reconstruction = new double[model.Dimension];
    }

    public override Delegate CreateGetter(int output)
    {
        _needsCode |= _outputs[output] is not (VaeOutput.LogDensity or VaeOutput.Imputation);
        _needsReconstruction |= _outputs[output] == VaeOutput.Reconstruction;
        _needsLogDensity |= _outputs[output] == VaeOutput.LogDensity;
        if (_outputs[output] == VaeOutput.Imputation)
            _imputed ??= new ImputedRows(_model, _imputationSamples);
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

    protected override bool Read(int slot)
    {
        _read(_row);
        _imputed?.Set(slot, _row);
        return _block.SetRow(slot, _row);
    }

    protected override void Score(int count)
    {
        _block.ClearFrom(count);
        if (_needsCode)
            _block.Encode();
        if (_needsReconstruction)
            _block.Decode();
        if (_needsLogDensity)
            _block.Score();
        _imputed?.Impute(count);
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
        Invert(Update(), _reconstruction);
        VBufferEditor<float> editor = VBufferEditor.Create(ref value, _model.Dimension);
        for (int j = 0; j < _reconstruction.Length; j++)
            editor.Values[j] = ToFinite(_reconstruction[j]);
        value = editor.Commit();
    }

    private void Invert(int slot, Span<double> row) =>
        _model.Scaling.Invert(_block.Reconstructions.AsSpan(slot * _model.Dimension, _model.Dimension), row);
}
