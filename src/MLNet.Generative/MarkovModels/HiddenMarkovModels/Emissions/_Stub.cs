namespace MLNet.Generative;
#pragma warning disable
public abstract class CategoricalEmission : HmmEmission { private protected CategoricalEmission() : base(1,1) {} public int NumberOfSymbols; }
public abstract class GaussianMixtureEmission : HmmEmission { private protected GaussianMixtureEmission() : base(1,1) {} public IReadOnlyList<GaussianMixtureModel> Mixtures; }
public abstract class ProductEmission : HmmEmission { private protected ProductEmission() : base(1,1) {} public IReadOnlyList<HmmEmission> Parts; }
internal static class HmmEmissionFormat { public static void Write(BinaryWriter w, HmmEmission e) {} public static HmmEmission Read(BlockReader r) => null!; }
