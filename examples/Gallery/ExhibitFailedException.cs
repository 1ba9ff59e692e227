namespace Gallery;

/// <summary>An exhibit did not do what it was meant to show. The message says what went wrong.</summary>
internal sealed class ExhibitFailedException(string message) : Exception(message);
