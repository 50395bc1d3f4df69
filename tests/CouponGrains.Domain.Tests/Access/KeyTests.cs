using CouponGrains.Domain.Access;

namespace CouponGrains.Domain.Tests.Access;

public sealed class KeyTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(KeyKind.Server, "cg_server_")]
    [InlineData(KeyKind.Client, "cg_client_")]
    public void A_secret_tells_its_kind_and_its_key(KeyKind kind, string prefix)
    {
        var (id, secret) = KeySecret.New(kind);
        Assert.Matches($"^{prefix}[0-9a-z]{{12}}_[0-9a-z]{{38}}$", secret);
        Assert.Equal(id, KeySecret.IdOf(secret));
        Assert.Equal(id, KeySecret.IdOf(KeySecret.Of(kind, id)));
        Assert.NotEqual(secret, KeySecret.Of(kind, id));
    }

    [Fact]
    public void A_secret_with_any_symbol_changed_is_none()
    {
        var (_, secret) = KeySecret.New(KeyKind.Server);
        for (var i = 0; i < secret.Length; i++)
        {
            var changed = secret[..i] + (secret[i] == '7' ? '8' : '7') + secret[(i + 1)..];
            Assert.Null(KeySecret.IdOf(changed));
        }

        Assert.Null(KeySecret.IdOf(""));
        Assert.Null(KeySecret.IdOf(secret + "0"));
    }

    [Fact]
    public void A_hundred_thousand_secrets_are_all_different()
    {
        var secrets = Enumerable.Range(0, 100_000).Select(_ => KeySecret.Of(KeyKind.Server, "000000000000")).ToHashSet();
        Assert.Equal(100_000, secrets.Count);
    }

    [Fact]
    public void A_rotated_key_knows_its_secret_before_until_the_overlap_ends()
    {
        var (key, old) = Made();
        var secret = KeySecret.Of(key.Kind, key.Id);
        var rotated = KeyRules.Rotate(key, KeySecret.Hash(secret), TimeSpan.FromHours(1), Now);
        Assert.Null(KeyRules.Fault(rotated, secret, Now));
        Assert.Null(KeyRules.Fault(rotated, old, Now.AddMinutes(59)));
        Assert.NotNull(KeyRules.Fault(rotated, old, Now.AddHours(1)));
        Assert.Null(KeyRules.Fault(rotated, secret, Now.AddHours(1)));
        var atOnce = KeyRules.Rotate(key, KeySecret.Hash(secret), TimeSpan.Zero, Now);
        Assert.NotNull(KeyRules.Fault(atOnce, old, Now));
    }

    [Fact]
    public void A_key_opens_nothing_once_it_is_revoked_or_has_expired()
    {
        var (key, secret) = Made();
        Assert.Null(KeyRules.Fault(key, secret, Now));
        Assert.Equal("The key was revoked.", KeyRules.Fault(key with { RevokedAt = Now }, secret, Now));
        Assert.Equal("The key has expired.", KeyRules.Fault(key with { ExpiresAt = Now }, secret, Now));
        Assert.Null(KeyRules.Fault(key with { ExpiresAt = Now.AddTicks(1) }, secret, Now));
        Assert.Equal("There is no such key.", KeyRules.Fault(key, KeySecret.Of(key.Kind, key.Id), Now));
    }

    [Theory]
    [InlineData("", "events:write", null, null, "/name")]
    [InlineData("a\nb", "events:write", null, null, "/name")]
    [InlineData("Shop", "", null, null, "/scopes")]
    [InlineData("Shop", "everything", null, null, "/scopes")]
    [InlineData("Shop", "events:write", "ann", null, "/expiresAt")]
    [InlineData("Shop", "events:write", "ann", 25, "/expiresAt")]
    [InlineData("Shop", "events:write", null, -1, "/expiresAt")]
    [InlineData("Shop", "checkout:write", "ann", 1, "/scopes")]
    [InlineData("Shop", "wallet:read", null, null, "/scopes")]
    [InlineData("Shop", "wallet:read", "ann", 1, null)]
    [InlineData("Shop", "events:write", null, null, null)]
    public void A_client_key_may_do_little_and_only_for_one_user(
        string name, string scopes, string? user, int? hours, string? pointer)
    {
        var key = Made().Key with
        {
            Name = name, Kind = KeyKind.Client, Scopes = scopes.Split(',', StringSplitOptions.RemoveEmptyEntries),
            User = user is null ? null : new UserId(user), ExpiresAt = hours is { } h ? Now.AddHours(h) : null,
        };
        Assert.Equal(pointer, KeyRules.Check(key, Now)?.Pointer);
    }

    [Theory]
    [InlineData("https://shop.example", true)]
    [InlineData("https://shop.example:8443", true)]
    [InlineData("https://shop.example/", false)]
    [InlineData("https://a@shop.example", false)]
    [InlineData("*", false)]
    [InlineData("null", false)]
    public void An_origin_has_a_scheme_a_host_and_nothing_else(string origin, bool good) =>
        Assert.Equal(good, KeyRules.Check(Made().Key with { Origins = [origin] }, Now) is null);

    [Fact]
    public void An_operator_may_do_what_his_role_and_those_below_may()
    {
        var need = new Need(Scopes.CampaignsWrite, Role.Marketer);
        Caller Operator(Role role) => new(CallerKind.Operator, "ann", "Ann") { Role = role };
        Assert.Equal(RefusalCodes.Forbidden, Operator(Role.Viewer).Lacks(need)?.Code);
        Assert.Contains("role marketer", Operator(Role.Viewer).Lacks(need)!.Detail, StringComparison.Ordinal);
        Assert.All(new[] { Role.Marketer, Role.Operator, Role.Admin }, role => Assert.Null(Operator(role).Lacks(need)));
        var key = Made().Key;
        Assert.Contains("scope campaigns:write", Caller.Of(key).Lacks(need)!.Detail, StringComparison.Ordinal);
        Assert.Null(Caller.Of(key with { Scopes = [need.Scope] }).Lacks(need));
    }

    private static (AccessKey Key, string Secret) Made()
    {
        var (id, secret) = KeySecret.New(KeyKind.Server);
        return (new()
        {
            Id = id, Name = "Shop", Kind = KeyKind.Server, Scopes = [Scopes.EventsWrite], Hash = KeySecret.Hash(secret),
            At = Now,
        }, secret);
    }
}
