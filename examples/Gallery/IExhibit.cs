namespace Gallery;

/// <summary>One thing to see: it learns a model, shows a table and leaves its files in the gallery's folder.</summary>
internal interface IExhibit
{
    /// <summary>The name to give to <c>--only</c>.</summary>
    string Name { get; }

    /// <summary>One sentence for visitors.</summary>
    string Description { get; }

    /// <summary>Shows the exhibit.</summary>
    /// <exception cref="ExhibitFailedException">It did not do what it was meant to show.</exception>
    void Run(GalleryContext context);
}
