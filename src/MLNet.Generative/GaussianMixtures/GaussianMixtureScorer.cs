using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Generative;

/// <summary>Scores the rows of one cursor under a mixture: joint log-densities once per row, from which all four columns follow.</summary>
internal sealed class GaussianMixtureScorer : RowScorer
{
    private readonly GaussianMixtureModel _model;
    private readonly FeatureColumn.Reader _read;
    private readonly double[] _row;
    private readonly double[] _joint;
    private readonly double[] _posterior;
    private double _logDensity;
    private bool _isValid;

    public GaussianMixtureScorer(GaussianMixtureModel model, DataViewRow input, DataViewSchema.Column column)
        : base(input)
    {
        _model = model;
        _read = FeatureColumn.CreateReader(input, column);
        _row = new double[model.Dimension];
        _joint = new double[model.NumberOfComponents];
        _posterior = new double[model.NumberOfComponents];
    }

    public override Delegate CreateGetter(int output) => output switch
    {
        0 => (ValueGetter<uint>)GetPredictedLabel,
        1 => (ValueGetter<VBuffer<float>>)GetScore,
        2 => (ValueGetter<VBuffer<float>>)GetProbability,
        _ => (ValueGetter<float>)GetLogDensity,
    };

    protected override bool Read(int slot)
    {
        _read(_row);
        _isValid = true;
        foreach (double feature in _row)
            _isValid &= !double.IsInfinity(feature);
        return _isValid;
    }

    protected override void Score(int count) => _logDensity = _model.Evaluate(_row, _joint, _posterior);

    private void GetPredictedLabel(ref uint value)
    {
        Update();
        int best = 0;
        for (int k = 1; k < _joint.Length; k++)
            best = _joint[k] > _joint[best] ? k : best;
        value = _isValid ? (uint)best + 1 : 0;
    }

    private void GetScore(ref VBuffer<float> value)
    {
        Update();
        VBufferEditor<float> editor = VBufferEditor.Create(ref value, _joint.Length);
        for (int k = 0; k < _joint.Length; k++)
            editor.Values[k] = ToFinite(-_joint[k]);
        value = editor.Commit();
    }

    private void GetProbability(ref VBuffer<float> value)
    {
        Update();
        VBufferEditor<float> editor = VBufferEditor.Create(ref value, _posterior.Length);
        for (int k = 0; k < _posterior.Length; k++)
            editor.Values[k] = (float)_posterior[k];
        value = editor.Commit();
    }

    private void GetLogDensity(ref float value)
    {
        Update();
        value = ToFinite(_logDensity);
    }
}
