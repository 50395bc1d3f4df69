using CouponGrains.Domain.Audit;

namespace CouponGrains.Domain.Profiles;

/// <summary>What the shop told us about a user, apart from behaviour.</summary>
public sealed record UserRecord
{
    private static readonly Dictionary<string, string> Nothing = [];

    /// <summary>Who.</summary>
    public required UserId Id { get; init; }

    /// <summary>Demographics and custom attributes by name, for example <c>age = 35-44</c>. At most 64, names up to 64
    /// and values up to 256 characters.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = Nothing;

    /// <summary>False once the user objected to personalisation: he then gets offers by popularity only.</summary>
    public bool Consent { get; init; } = true;
}

/// <summary>Which user records are accepted.</summary>
public static class UserRules
{
    /// <summary>The first rule that <paramref name="user"/> breaks, or null.</summary>
    public static Refusal? Check(UserRecord user) =>
        user.Attributes.Count > 64
        || user.Attributes.Any(a => a.Key.Length is 0 or > 64 || a.Value.Length > 256)
            ? new(RefusalCodes.InvalidValue,
                "At most 64 attributes, names of 1 to 64 and values of up to 256 characters.", "/attributes")
            : null;
}

/// <summary>Where users are kept.</summary>
public interface IUserStore
{
    /// <summary>Creates or replaces users, all in one transaction.</summary>
    Task Put(IReadOnlyList<UserRecord> users, CancellationToken cancel);

    /// <summary>The user, or null if he was never seen, neither here nor in an event.</summary>
    Task<UserRecord?> Get(UserId id, CancellationToken cancel);

    /// <summary>Forgets a user, in one transaction: erases what he did (events of behaviour; those of coupons stay, for
    /// the books) and what the shop told of him, and keeps that he objects; records what is given to be recorded.
    /// Answers how many events it erased.</summary>
    Task<int> Forget(UserId user, CancellationToken cancel, AuditEntry? audit = null);

    /// <summary>Users in the order of their ids, after <paramref name="after"/> (from the first if null),
    /// streamed.</summary>
    IAsyncEnumerable<UserRecord> ReadAll(UserId? after, CancellationToken cancel);
}
