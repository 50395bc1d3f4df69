namespace CouponGrains.Domain.Audit;

/// <summary>What kind of caller makes a change.</summary>
public enum ActorKind
{
    /// <summary>The shop's own work, asked for by nobody: a schedule, a first start.</summary>
    System = 1,

    /// <summary>Somebody on this machine or inside the cluster's network, who needs no key. What he is called is his
    /// own word.</summary>
    Local = 2,

    /// <summary>The holder of a key; the id is the key's public one.</summary>
    Key = 3,

    /// <summary>A person who signed in; the id is the one that the issuer gave.</summary>
    Operator = 4,
}

/// <summary>Who makes a change.</summary>
/// <param name="Kind">What kind of caller.</param>
/// <param name="Id">Which of that kind; see <see cref="IdRules"/>.</param>
public sealed record Actor(ActorKind Kind, string Id)
{
    /// <summary>The shop itself.</summary>
    public static Actor System { get; } = new(ActorKind.System, "shop");

    /// <summary>Somebody of whom nothing is known but that he was let in without a key.</summary>
    public static Actor Local { get; } = new(ActorKind.Local, "local");

    /// <summary>Which of that kind, valid by construction.</summary>
    public string Id { get; } = IdRules.Checked(Id, nameof(Actor));

    /// <summary>Reads what <see cref="ToString"/> writes; null for anything else.</summary>
    public static Actor? Parse(string? text) => text?.Split(':', 2) is [var kind, var id] && IdRules.IsValid(id)
        && Enum.GetValues<ActorKind>().FirstOrDefault(k => Word(k) == kind) is var known && known != 0
        ? new(known, id)
        : null;

    /// <summary>Kind and id, as in <c>key:k_7f3a</c>.</summary>
    public override string ToString() => $"{Word(Kind)}:{Id}";

    private static string Word(ActorKind kind) => kind.ToString().ToLowerInvariant();
}
