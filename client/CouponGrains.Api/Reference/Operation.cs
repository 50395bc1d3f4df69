namespace CouponGrains.Api.Reference;

/// <summary>One operation as the document tells of it.</summary>
/// <param name="Method">The method, in upper case.</param>
/// <param name="Path">The address, with its parts in braces.</param>
/// <param name="Summary">What it does, in one line.</param>
internal sealed record Operation(string Method, string Path, string Summary)
{
    /// <summary>The type of the body, or null if there is none.</summary>
    public Type? Body { get; init; }

    /// <summary>The media types of a body that is a file.</summary>
    public IReadOnlyList<string> BodyMedia { get; init; } = [];

    /// <summary>False if the body may be left out.</summary>
    public bool BodyRequired { get; init; } = true;

    /// <summary>For a batch, the name of its list and the type of its entries, which are read one by one.</summary>
    public (string List, Type Entry)? Batch { get; init; }

    /// <summary>The type of the answer, or null where it is no JSON.</summary>
    public Type? Answer { get; init; }

    /// <summary>The media type of an answer that is no JSON.</summary>
    public string? MediaType { get; init; }

    /// <summary>The status when all is well.</summary>
    public int Status { get; init; } = 200;

    /// <summary>Parameters of the query: name and what it means.</summary>
    public IReadOnlyList<(string Name, string Meaning)> Query { get; init; } = [];

    /// <summary>True if the answer has an entity tag, and <c>If-None-Match</c> may leave it out.</summary>
    public bool Tagged { get; init; }

    /// <summary>True if <c>If-Match</c> may bind it to a revision.</summary>
    public bool Conditional { get; init; }

    /// <summary>True if <c>Prefer: respond-async</c> has it answer first and work then: 202.</summary>
    public bool MayBeLater { get; init; }

    /// <summary>True if it takes the caller's key, here or in the body.</summary>
    public bool Keyed { get; init; }

    /// <summary>Codes of problems beside those that any request may meet.</summary>
    public IReadOnlyList<string> Codes { get; init; } = [];

    /// <summary>A body that works, as JSON.</summary>
    public string? Example { get; init; }

    /// <summary>The address with the example's parts filled in; the address itself if it has none.</summary>
    public string? ExamplePath { get; init; }
}
