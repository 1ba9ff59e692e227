using Microsoft.ML;

namespace MLNet.Generative;

/// <summary>A fitted generative model as a step of an ML.NET pipeline: it scores rows, and it draws new ones.</summary>
public interface IGenerativeTransformer : ITransformer
{
    /// <summary>Draws new rows from the model.</summary>
    /// <param name="count">The number of rows, or of sequences for a model of sequences: not negative.</param>
    /// <param name="seed">The same seed gives the same rows; <see langword="null"/> to take one from the <c>MLContext</c>.</param>
    /// <returns>
    /// A data view with the model's input column and, where the model has one, the hidden variable as column <c>Label</c>. Columns from which a pipeline made the input
    /// column are not drawn.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    IDataView Sample(int count, int? seed = null);
}
