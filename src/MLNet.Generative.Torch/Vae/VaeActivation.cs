namespace MLNet.Generative;

/// <summary>The function between the layers of an encoder and of a decoder.</summary>
public enum VaeActivation
{
    /// <summary>max(0, x).</summary>
    Relu = 0,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh = 1,

    /// <summary>log(1 + e^x): a smooth <see cref="Relu"/>.</summary>
    Softplus = 2,

    /// <summary>x for positive x, otherwise e^x − 1 (Clevert, Unterthiner and Hochreiter 2015).</summary>
    Elu = 3,

    /// <summary>x / (1 + e^−x) (Elfwing, Uchibe and Doya 2018).</summary>
    Silu = 4,
}
