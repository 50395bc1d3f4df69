using CouponGrains.Domain.Audit;

namespace CouponGrains.Domain.Access;

/// <summary>What an operator may do; each may also do what those before it may.</summary>
public enum Role
{
    /// <summary>May look.</summary>
    Viewer = 1,

    /// <summary>May change campaigns and offers.</summary>
    Marketer = 2,

    /// <summary>May put models into force, settle coupons by hand, erase users, and see the cluster.</summary>
    Operator = 3,

    /// <summary>May make and take back keys.</summary>
    Admin = 4,
}

/// <summary>How a caller was known.</summary>
public enum CallerKind
{
    /// <summary>He called from the same machine, and no keys are required there.</summary>
    Local = 1,

    /// <summary>By a key.</summary>
    Key = 2,

    /// <summary>A person, by what an identity provider signed.</summary>
    Operator = 3,
}

/// <summary>What a request needs of its caller: of a key the scope, of an operator the role.</summary>
/// <param name="Scope">One of <see cref="Scopes"/>.</param>
/// <param name="Role">The least role.</param>
public sealed record Need(string Scope, Role Role);

/// <summary>Who calls.</summary>
/// <param name="Kind">How he was known.</param>
/// <param name="Id">The key's id, or the operator's subject at his identity provider.</param>
/// <param name="Name">What people call him.</param>
public sealed record Caller(CallerKind Kind, string Id, string Name)
{
    /// <summary>Anybody on the same machine, where no keys are required.</summary>
    public static Caller Local { get; } = new(CallerKind.Local, "local", "local") { Role = Access.Role.Admin };

    /// <summary>An operator's role; null for a key.</summary>
    public Role? Role { get; init; }

    /// <summary>A key's scopes.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>The only user whom he may ask and tell of, or null for any.</summary>
    public UserId? User { get; init; }

    /// <summary>Origins of pages that may use a client key.</summary>
    public IReadOnlyList<string> Origins { get; init; } = [];

    /// <summary>True for a key that its user can read, and could misuse.</summary>
    public bool IsClient { get; init; }

    /// <summary>The caller as the audit log names him.</summary>
    public Actor Actor => Kind switch
    {
        CallerKind.Key => new(ActorKind.Key, Id),
        CallerKind.Operator => new(ActorKind.Operator, Id),
        _ => Actor.Local,
    };

    /// <summary>The caller of a key that is good.</summary>
    public static Caller Of(AccessKey key) => new(CallerKind.Key, key.Id, key.Name)
    {
        Scopes = key.Scopes, User = key.User, Origins = key.Origins, IsClient = key.Kind == KeyKind.Client,
    };

    /// <summary>Why he may not do what needs <paramref name="need"/>, or null if he may.</summary>
    public Refusal? Lacks(Need need) => this switch
    {
        { Role: { } role } when role >= need.Role => null,
        { Role: { } role } => new(
            RefusalCodes.Forbidden, $"It needs the role {Word(need.Role)} or a higher one; this is a {Word(role)}."),
        _ when Scopes.Contains(need.Scope) => null,
        _ => new(RefusalCodes.Forbidden, $"It needs a key with the scope {need.Scope}."),
    };

    /// <summary>Why he may not ask or tell of <paramref name="user"/>, or null if he may.</summary>
    public Refusal? Lacks(UserId user) => User is null || User == user
        ? null
        : new(RefusalCodes.Forbidden, "This key is of another user.");

    private static string Word(Role role) => role.ToString().ToLowerInvariant();
}
