using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Generative.Testing;

/// <summary>Scores blocks of rows.</summary>
internal sealed class IndependentNormalsScorer : RowScorer
{
    private readonly IReadOnlyList<(double Mean, double StandardDeviation)> _model;
    private readonly FeatureColumn.Reader _read;
    private readonly Action _countScoreCall;
    private readonly double[] _standardised;
    private readonly bool[] _isValid;
    private readonly double[] _logDensity;
    private bool _isDisposed;

    public IndependentNormalsScorer(
        IReadOnlyList<(double Mean, double StandardDeviation)> model, DataViewRow input, DataViewSchema.Column column, int rowsPerBlock, Action countScoreCall)
        : base(input, rowsPerBlock)
    {
        _model = model;
        _read = FeatureColumn.CreateReader(input, column);
        _countScoreCall = countScoreCall;
        _standardised = new double[rowsPerBlock * model.Count];
        _isValid = new bool[rowsPerBlock];
        _logDensity = new double[rowsPerBlock];
    }

    public override Delegate CreateGetter(int output) => output switch
    {
        0 => (ValueGetter<float>)GetSum,
        1 => (ValueGetter<VBuffer<float>>)GetSquares,
        _ => (ValueGetter<float>)GetLogDensity,
    };

    public override void Dispose()
    {
        _isDisposed = true;
        base.Dispose();
    }

    protected override bool Read(int slot)
    {
        Span<double> row = Row(slot);
        _read(row);
        _isValid[slot] = true;
        foreach (double value in row)
            _isValid[slot] &= double.IsFinite(value);
        return _isValid[slot];
    }

    protected override void Score(int count)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _countScoreCall();
        for (int slot = 0; slot < count; slot++)
        {
            Span<double> row = Row(slot);
            if (!_isValid[slot])
                row.Clear();
            _logDensity[slot] = _isValid[slot] ? 0 : double.NegativeInfinity;
            for (int j = 0; j < row.Length; j++)
            {
                row[j] = (row[j] - _model[j].Mean) / _model[j].StandardDeviation;
                _logDensity[slot] -= row[j] * row[j] / 2 + Math.Log(_model[j].StandardDeviation) + Math.Log(2 * Math.PI) / 2;
            }
        }
    }

    private Span<double> Row(int slot) => _standardised.AsSpan(slot * _model.Count, _model.Count);

    private void GetSum(ref float value)
    {
        double sum = 0;
        foreach (double term in Row(Update()))
            sum += term;
        value = ToFinite(sum);
    }

    private void GetSquares(ref VBuffer<float> value)
    {
        ReadOnlySpan<double> row = Row(Update());
        VBufferEditor<float> editor = VBufferEditor.Create(ref value, row.Length);
        for (int j = 0; j < row.Length; j++)
            editor.Values[j] = ToFinite(row[j] * row[j]);
        value = editor.Commit();
    }

    private void GetLogDensity(ref float value) => value = ToFinite(_logDensity[Update()]);
}
