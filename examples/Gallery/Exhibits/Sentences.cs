using System.Globalization;
using System.Text;
using Microsoft.ML;
using MLNet.Generative;
using Spectre.Console;

namespace Gallery.Exhibits;

/// <summary>The opening of Alice's Adventures in Wonderland (Carroll 1865), letter by letter: Markov chains of order 1 to 4 learn which letter follows which, and write.</summary>
internal sealed class Sentences : IExhibit
{
    private const int Seed = 4;
    private const int LargestOrder = 4;
    private const int LettersToWrite = 220;

    // Every so many sentences one is kept back, to see what the chains make of what they have not read.
    private const int EveryHeldOut = 5;
    private const double Smoothing = 0.02;

    /// <inheritdoc/>
    public string Name => "sentences";

    /// <inheritdoc/>
    public string Description => "Markov chains of order 1 to 4 write like Lewis Carroll, letter by letter.";

    /// <inheritdoc/>
    public void Run(GalleryContext context)
    {
        var mlContext = new MLContext(Seed);
        Sentence[] sentences = ReadSentences();
        IDataView all = mlContext.Data.LoadFromEnumerable(sentences);
        ITransformer keys = mlContext.Transforms.Conversion.MapValueToKey("Sequence", "Letters").Fit(all);
        IDataView read = keys.Transform(mlContext.Data.LoadFromEnumerable(sentences.Where((_, i) => i % EveryHeldOut != 0)));
        IDataView unread = keys.Transform(mlContext.Data.LoadFromEnumerable(sentences.Where((_, i) => i % EveryHeldOut == 0)));

        var chains = new List<ChainOfOrder>();
        for (int order = 1; order <= LargestOrder; order++)
        {
            // The reader gives every letter a chance; the writer takes only steps that it has seen.
            MarkovChainTransformer reader = mlContext.Transforms.MarkovChain(new MarkovChainEstimator.Options { Order = order, BackOff = true, Smoothing = Smoothing }).Fit(read);
            MarkovChainTransformer writer = mlContext.Transforms.MarkovChain(new MarkovChainEstimator.Options { Order = order, BackOff = true, SampleLength = LettersToWrite }).Fit(read);
            chains.Add(new ChainOfOrder(order, PerLetter(mlContext, reader, read), PerLetter(mlContext, reader, unread), Write(mlContext, writer)));
        }
        foreach (ChainOfOrder chain in chains)
        {
            context.Console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[bold]order {chain.Order}[/]  log-likelihood per letter {chain.Read:f2} of what it read, {chain.Unread:f2} of what it did not");
            context.Console.WriteLine($"  {chain.Text}");
        }
        context.Console.WriteLine();

        string picture = context.PathOfOutput("markov-text.png");
        SentencesPicture.Draw(picture, chains, context.IsFull);
        context.TellFile("Picture", picture);
    }

    /// <summary>Sentences of small letters, spaces and commas, each closed by a full stop.</summary>
    private static Sentence[] ReadSentences()
    {
        string text = File.ReadAllText(GalleryContext.PathOfData("alice.txt")).ToLowerInvariant().ReplaceLineEndings(" ");
        return
        [
            .. text.Split(['.', '!', '?', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(sentence => new Sentence { Letters = [.. $"{sentence}. ".Select(letter => letter.ToString())] }),
        ];
    }

    private static double PerLetter(MLContext mlContext, MarkovChainTransformer chain, IDataView sentences)
    {
        double logDensity = 0, letters = 0;
        foreach (ScoredSentence sentence in mlContext.Data.CreateEnumerable<ScoredSentence>(chain.Transform(sentences), reuseRowObject: false))
        {
            logDensity += sentence.LogDensity;
            letters += sentence.Letters.Length;
        }
        return logDensity / letters;
    }

    private static string Write(MLContext mlContext, MarkovChainTransformer chain)
    {
        IDataView letters = mlContext.Transforms.Conversion.MapKeyToValue("Letters", "Sequence").Fit(chain.Sample(1, Seed)).Transform(chain.Sample(1, Seed));
        var text = new StringBuilder();
        foreach (string letter in mlContext.Data.CreateEnumerable<Sentence>(letters, reuseRowObject: false).Single().Letters)
            text.Append(letter);
        return text.ToString();
    }

    private sealed class Sentence
    {
        public string[] Letters { get; set; } = [];
    }

    private sealed class ScoredSentence
    {
        public string[] Letters { get; set; } = [];

        public float LogDensity { get; set; }
    }
}

/// <summary>What became of a chain of some order.</summary>
/// <param name="Order">The number of letters that the next one depends on.</param>
/// <param name="Read">The log-likelihood per letter of the sentences that it learned from.</param>
/// <param name="Unread">That of the others.</param>
/// <param name="Text">What it wrote.</param>
internal sealed record ChainOfOrder(int Order, double Read, double Unread, string Text);
