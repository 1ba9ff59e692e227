namespace MLNet.Generative;

/// <summary>
/// How a learning rate falls, from its whole at the start to a share f of it after a number of epochs. With t from 0 to 1 over these epochs, it is multiplied by:
/// </summary>
public enum VaeLearningRateSchedule
{
    /// <summary>1. The average of the last weights, which training returns, does most of what a falling learning rate does.</summary>
    Constant = 0,

    /// <summary>1 − (1 − f) t.</summary>
    Linear = 1,

    /// <summary>f + (1 − f) (1 + cos πt) / 2 (Loshchilov and Hutter 2017, equation 5).</summary>
    Cosine = 2,

    /// <summary>f^t: the same factor for every epoch.</summary>
    Exponential = 3,
}
