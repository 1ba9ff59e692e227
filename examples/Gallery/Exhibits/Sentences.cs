using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.ML;
using MLNet.Generative;
using Spectre.Console;

namespace Gallery.Exhibits;

/// <summary>The opening of Alice's Adventures in Wonderland (Carroll 1865), letter by letter: Markov chains of order 1 to 4 learn which letter follows which, and write.</summary>
internal sealed class Sentences : IExhibit
{
    private const int Seed = 1;
    private const int LargestOrder = 4;
    private const int SentencesToDraw = 100;
    private const int SentencesToShow = 3;
    private const int ShortestSentence = 40;
    private const int LongestSentence = 120;

    // A letter like any other: so the chains learn where sentences end.
    private const string End = "¶";

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
        IDataView read = keys.Transform(mlContext.Data.LoadFromEnumerable(sentences.Where((_, i) => i % EveryHeldOut != EveryHeldOut - 1)));
        IDataView unread = keys.Transform(mlContext.Data.LoadFromEnumerable(sentences.Where((_, i) => i % EveryHeldOut == EveryHeldOut - 1)));

        string file = context.PathOfOutput("sentences.zip");
        var chains = new List<ChainOfOrder>();
        for (int order = 1; order <= LargestOrder; order++)
        {
            // The reader gives every letter a chance; the writer takes only steps that it has seen.
            MarkovChainTransformer reader = mlContext.Transforms.MarkovChain(new MarkovChainEstimator.Options { Order = order, BackOff = true, Smoothing = Smoothing }).Fit(read);
            MarkovChainTransformer writer = mlContext.Transforms.MarkovChain(new MarkovChainEstimator.Options { Order = order, SampleLength = LongestSentence + 1 }).Fit(read);
            IGenerativeTransformer loaded = LoadedModel.SaveAndLoad(mlContext, writer, read, file);
            chains.Add(new ChainOfOrder(order, PerLetter(mlContext, reader, read), PerLetter(mlContext, reader, unread), Write(mlContext, loaded, Seed + order)));
        }
        Show(context.Console, chains);

        string picture = context.PathOfOutput("markov-text.png");
        SentencesPicture.Draw(picture, chains, context.IsFull);
        context.TellFile("Picture", picture);
        context.TellFile("Model", file);
    }

    private static void Show(IAnsiConsole console, IReadOnlyList<ChainOfOrder> chains)
    {
        foreach (ChainOfOrder chain in chains)
        {
            console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[bold]order {chain.Order}[/]: log-likelihood per letter {chain.Read:f2} of what it read, {chain.Unread:f2} of what it did not. It writes:");
            console.WriteLine(chain.Text);
            console.WriteLine();
        }
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[dim]In nats, of chains with a pseudo-count of {Smoothing}; those that write take no step that they have not seen.[/]");
        console.WriteLine();
    }

    /// <summary>The sentences without their quotation marks and brackets, each closed by its end.</summary>
    private static Sentence[] ReadSentences()
    {
        string text = Regex.Replace(File.ReadAllText(GalleryContext.PathOfData("alice.txt")).ReplaceLineEndings(" "), "[“”()]", "");
        return
        [
            .. Regex.Split(text, @"(?<=[.!?]) +").Where(sentence => sentence.Length > 0)
                .Select(sentence => new Sentence { Letters = [.. sentence.Select(letter => letter.ToString()), End] }),
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

    /// <summary>The first sentences that are neither very short nor very long.</summary>
    private static string Write(MLContext mlContext, IGenerativeTransformer chain, int seed)
    {
        IDataView keys = chain.Sample(SentencesToDraw, seed);
        IDataView drawn = mlContext.Transforms.Conversion.MapKeyToValue("Letters", "Sequence").Fit(keys).Transform(keys);
        return string.Join(' ', mlContext.Data.CreateEnumerable<Sentence>(drawn, reuseRowObject: false)
            .Select(sentence => string.Concat(sentence.Letters.TakeWhile(letter => letter != End)))
            .Where(sentence => sentence.Length is >= ShortestSentence and <= LongestSentence)
            .Take(SentencesToShow));
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
