namespace CouponGrains.Domain.Access;

/// <summary>What keys may be, and when they are good.</summary>
public static class KeyRules
{
    /// <summary>The longest name.</summary>
    public const int NameMax = 100;

    /// <summary>How long the secret before stays good, unless it is told otherwise.</summary>
    public static readonly TimeSpan OverlapUsually = TimeSpan.FromDays(1);

    /// <summary>The longest that the secret before may stay good.</summary>
    public static readonly TimeSpan OverlapMax = TimeSpan.FromDays(30);

    /// <summary>How long a key of one user is good, unless it is told otherwise.</summary>
    public static readonly TimeSpan SessionUsually = TimeSpan.FromHours(1);

    /// <summary>The longest that a key of one user is good.</summary>
    public static readonly TimeSpan SessionMax = TimeSpan.FromDays(1);

    /// <summary>Why a new key is none, or null.</summary>
    public static Refusal? Check(AccessKey key, DateTimeOffset now)
    {
        if (key.Name.Length is 0 or > NameMax || key.Name.Trim() != key.Name || key.Name.Any(char.IsControl))
        {
            return Bad($"A name has 1 to {NameMax} characters, none of them a control character.", "/name");
        }

        if (key.Scopes.Count == 0 || key.Scopes.FirstOrDefault(s => !Scopes.All.Contains(s)) is not null)
        {
            return Bad($"Scopes are one or more of {string.Join(", ", Scopes.All)}.", "/scopes");
        }

        if (key.Origins.FirstOrDefault(origin => !IsOrigin(origin)) is not null)
        {
            return Bad("An origin is a scheme, a host and no path, as in https://shop.example.", "/origins");
        }

        return key.ExpiresAt <= now ? Bad("It must be later than now.", "/expiresAt") : CheckKind(key, now);
    }

    /// <summary>The key with another secret; the one before stays good for <paramref name="overlap"/>.</summary>
    public static AccessKey Rotate(AccessKey key, string hash, TimeSpan overlap, DateTimeOffset now) => key with
    {
        Hash = hash,
        PreviousHash = overlap > TimeSpan.Zero ? key.Hash : null,
        PreviousUntil = overlap > TimeSpan.Zero ? now + overlap : null,
        RotatedAt = now,
    };

    /// <summary>Why a secret does not open what a key opens, or null if it does.</summary>
    public static string? Fault(AccessKey key, string secret, DateTimeOffset now) => key switch
    {
        _ when !KeySecret.Matches(key.Hash, secret) && !IsPrevious(key, secret, now) => "There is no such key.",
        { RevokedAt: not null } => "The key was revoked.",
        _ when key.ExpiresAt <= now => "The key has expired.",
        _ => null,
    };

    /// <summary>True for <c>https://shop.example:8443</c> and the like.</summary>
    public static bool IsOrigin(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https" && uri.GetLeftPart(UriPartial.Authority) == text && uri.UserInfo.Length == 0;

    private static Refusal? CheckKind(AccessKey key, DateTimeOffset now) => key switch
    {
        { Kind: KeyKind.Server, User: not null } => Bad("A key of one user is a client key.", "/user"),
        { Kind: KeyKind.Server } => null,
        _ when key.Scopes.Any(s => !Scopes.Client.Contains(s)) =>
            Bad($"A client key has at most the scopes {string.Join(", ", Scopes.Client)}.", "/scopes"),
        { User: null } when key.Scopes.Any(s => s != Scopes.EventsWrite) =>
            Bad($"Without a user a client key has the scope {Scopes.EventsWrite} alone.", "/scopes"),
        { User: not null } when key.ExpiresAt is null || key.ExpiresAt > now + SessionMax =>
            Bad($"A key of one user expires within {SessionMax.TotalHours:0} hours.", "/expiresAt"),
        _ => null,
    };

    private static bool IsPrevious(AccessKey key, string secret, DateTimeOffset now) =>
        now < key.PreviousUntil && KeySecret.Matches(key.PreviousHash, secret);

    private static Refusal Bad(string detail, string pointer) => new(RefusalCodes.InvalidValue, detail, pointer);
}
