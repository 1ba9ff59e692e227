using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Generative;

/// <summary>Scores the sequences of one cursor: the forward recursion for densities, and what else a column that is read needs, each once per sequence.</summary>
internal sealed class HmmScorer : RowScorer
{
    private readonly HmmModel _model;
    private readonly SequenceColumn.Reader _read;
    private readonly ForwardBackward _inference;
    private readonly Viterbi _viterbi = new();
    private double[] _values = [];
    private int[] _path = [];
    private double _logDensity;
    private int _length;
    private bool _isPossible;
    private bool _isPathFound;
    private bool _isSmoothed;
    private bool _wantsPosterior;

    public HmmScorer(HmmModel model, DataViewRow input, DataViewSchema.Column column)
        : base(input)
    {
        _model = model;
        _read = SequenceColumn.CreateReader(input, column);
        _inference = new ForwardBackward(model.Chain);
    }

    public override Delegate CreateGetter(int output)
    {
        _wantsPosterior |= output == 1;
        return output switch
        {
            0 => (ValueGetter<VBuffer<uint>>)GetPredictedLabel,
            1 => (ValueGetter<VBuffer<float>>)GetProbability,
            2 => (ValueGetter<float>)GetScore,
            _ => (ValueGetter<float>)GetLogDensity,
        };
    }

    protected override bool Read(int slot)
    {
        int count = _read(ref _values);
        _length = count / _model.Dimension;
        _inference.Frames.Resize(_length);
        bool isValid = count % _model.Dimension == 0;
        for (int t = 0; t < _length && isValid; t++)
        {
            ReadOnlySpan<double> frame = _values.AsSpan(t * _model.Dimension, _model.Dimension);
            isValid = _model.Emissions.FindProblem(frame) is null;
            if (isValid)
                _model.Emissions.ComputeLogLikelihoods(frame, _inference.Frames.LogFrame(t));
        }
        _isPossible = isValid;
        return isValid;
    }

    protected override void Score(int count)
    {
        _isPathFound = false;
        _isSmoothed = false;
        if (!_isPossible)
            return;
        // Smoothing runs the forward recursion too.
        _logDensity = _wantsPosterior ? _inference.Smooth([], 1) : _inference.Filter();
        _isSmoothed = _wantsPosterior;
        // Where nothing is known the density is 1 exactly, whatever the sums of probabilities round to.
        if (!_values.AsSpan(0, _length * _model.Dimension).ContainsAnyExcept(double.NaN))
            _logDensity = 0;
        _isPossible = !double.IsNegativeInfinity(_logDensity);
    }

    private void GetPredictedLabel(ref VBuffer<uint> value)
    {
        Update();
        VBufferEditor<uint> editor = VBufferEditor.Create(ref value, _length);
        if (_isPossible)
        {
            ReadOnlySpan<int> path = FindPath();
            for (int t = 0; t < path.Length; t++)
                editor.Values[t] = (uint)path[t] + 1;
        }
        else
        {
            editor.Values.Clear();
        }
        value = editor.Commit();
    }

    private void GetProbability(ref VBuffer<float> value)
    {
        Update();
        int states = _model.NumberOfStates;
        VBufferEditor<float> editor = VBufferEditor.Create(ref value, checked(_length * states));
        if (_isPossible)
        {
            if (!_isSmoothed)
                _inference.Smooth([], 1);
            _isSmoothed = true;
            ReadOnlySpan<double> posterior = _inference.States;
            for (int t = 0; t < _length; t++)
            {
                for (int k = 0; k < states; k++)
                    editor.Values[t * states + k] = (float)posterior[t * _model.Chain.Stride + k];
            }
        }
        else
        {
            editor.Values.Fill(1f / states);
        }
        value = editor.Commit();
    }

    private void GetScore(ref float value)
    {
        Update();
        value = !_isPossible ? float.MaxValue : _length == 0 ? 0 : ToFinite(-_logDensity / _length);
    }

    private void GetLogDensity(ref float value)
    {
        Update();
        value = _isPossible ? ToFinite(_logDensity) : float.MinValue;
    }

    private ReadOnlySpan<int> FindPath()
    {
        if (_path.Length < _length)
            _path = new int[Math.Max(_length, (int)Math.Min(2L * _path.Length, Array.MaxLength))];
        Span<int> path = _path.AsSpan(0, _length);
        if (!_isPathFound)
            _viterbi.Run(_model.Chain, _inference.Frames, path);
        _isPathFound = true;
        return path;
    }
}
