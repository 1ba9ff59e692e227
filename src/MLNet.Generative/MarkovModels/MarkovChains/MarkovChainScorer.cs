using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Generative;

/// <summary>Scores the sequences of one cursor under a chain; what comes next is computed only where a column asks for it.</summary>
internal sealed class MarkovChainScorer : RowScorer
{
    private readonly MarkovChainModel _model;
    private readonly SequenceColumn.Reader _read;
    private readonly double[] _next;
    private double[] _values = [];
    private int[] _symbols = [];
    private int _length;
    private bool _isValid;
    private bool _hasNext;
    private double _logDensity;

    public MarkovChainScorer(MarkovChainModel model, DataViewRow input, DataViewSchema.Column column)
        : base(input)
    {
        _model = model;
        _read = SequenceColumn.CreateReader(input, column);
        _next = new double[model.NumberOfSymbols];
    }

    private ReadOnlySpan<int> Sequence => _symbols.AsSpan(0, _length);

    public override Delegate CreateGetter(int output) => output switch
    {
        0 => (ValueGetter<uint>)GetPredictedLabel,
        1 => (ValueGetter<VBuffer<float>>)GetProbability,
        2 => (ValueGetter<float>)GetLogDensity,
        _ => (ValueGetter<float>)GetScore,
    };

    protected override bool Read(int slot)
    {
        _length = _read(ref _values);
        if (_symbols.Length < _length)
            _symbols = new int[_values.Length];
        _isValid = SymbolRows.Convert(_values.AsSpan(0, _length), _model.NumberOfSymbols, _symbols) < 0;
        return _isValid;
    }

    protected override void Score(int count)
    {
        _hasNext = false;
        _logDensity = _isValid ? _model.LogLikelihood(Sequence) : double.NegativeInfinity;
    }

    private void GetPredictedLabel(ref uint value)
    {
        UpdateNext();
        value = _isValid ? (uint)Array.IndexOf(_next, _next.Max()) + 1 : 0;
    }

    private void GetProbability(ref VBuffer<float> value)
    {
        UpdateNext();
        VBufferEditor<float> editor = VBufferEditor.Create(ref value, _next.Length);
        for (int s = 0; s < _next.Length; s++)
            editor.Values[s] = (float)_next[s];
        value = editor.Commit();
    }

    private void GetLogDensity(ref float value)
    {
        Update();
        value = ToFinite(_logDensity);
    }

    private void GetScore(ref float value)
    {
        Update();
        value = ToFinite(-_logDensity / Math.Max(1, _length));
    }

    private void UpdateNext()
    {
        Update();
        if (_hasNext)
            return;
        if (_isValid)
            _model.Predict(Sequence, _next);
        else
            Array.Fill(_next, 1.0 / _next.Length);
        _hasNext = true;
    }
}
