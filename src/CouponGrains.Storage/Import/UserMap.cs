using CouponGrains.Domain;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Storage.Import;

/// <summary>How the rows of a file become users.</summary>
public sealed record UserMap
{
    /// <summary>The fields a user has, in the words of <c>--columns</c>.</summary>
    public static readonly IReadOnlyList<string> Known = ["id", "consent", "attributes."];

    /// <summary>The map for files with columns named like the fields.</summary>
    public static UserMap Plain { get; } = new() { Name = "users", Fields = Fields.SameNames(Known) };

    /// <summary>Names the source.</summary>
    public required string Name { get; init; }

    /// <summary>How the rows are written; null to tell it from the file's name.</summary>
    public RowFormat? Format { get; init; }

    /// <summary>Where the fields come from.</summary>
    public required Fields Fields { get; init; }

    /// <summary>True if the file names a user again and again and the first row tells of him; false if a later row
    /// replaces an earlier one.</summary>
    public bool FirstRowOnly { get; init; }

    /// <summary>The outcome of every row of a file, in its order.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="path">The file's name, for the format.</param>
    public IEnumerable<RowOutcome<UserRecord>> Read(TextReader text, string path)
    {
        var seen = new HashSet<string>();
        foreach (var (line, row, refusal) in (Format ?? RowFormat.Of(path)).Read(text, Fields.Columns))
        {
            yield return row is null ? new(line, null, refusal) : Map(row, seen);
        }
    }

    private RowOutcome<UserRecord> Map(Row row, HashSet<string> seen)
    {
        var draft = new RowDraft(row, Fields);
        var id = draft.Id("id", RefusalCodes.MissingUser);
        var consent = draft.Flag("consent", true);
        if (draft.Refusal is not null)
        {
            return new(row.Line, null, draft.Refusal);
        }

        if (!seen.Add(id) && FirstRowOnly)
        {
            return new(row.Line, null, new(RefusalCodes.DuplicateRow, "An earlier row tells of this user."));
        }

        var user = new UserRecord { Id = new(id), Consent = consent, Attributes = draft.Attributes() };
        return UserRules.Check(user) is { } broken ? new(row.Line, null, broken) : new(row.Line, user, null);
    }
}
