using CouponGrains.Domain.Profiles;

namespace CouponGrains.Domain.Tests.Profiles;

/// <summary>A user has one pseudonym under a key, and nobody without the key knows whose it is.</summary>
public sealed class PseudonymsTests
{
    private readonly Pseudonyms _names = new(new string('k', Pseudonyms.KeyMin));

    [Fact]
    public void A_user_has_the_same_pseudonym_always_and_every_other_another()
    {
        var ids = Enumerable.Range(0, 1_000).Select(i => new UserId($"user-{i}"))
            .Concat([new("ann"), new("Ann"), new("ann/1"), new("安"), new(new string('x', IdRules.LengthMax))]).ToArray();
        var made = ids.Select(_names.Of).ToArray();
        Assert.Equal(ids.Length, made.Distinct().Count());
        Assert.Equal(made, ids.Select(new Pseudonyms(new string('k', Pseudonyms.KeyMin)).Of));
        Assert.All(made, one => Assert.True(Pseudonyms.HasShape(one.Value), one.Value));
        Assert.All(ids.Zip(made), pair => Assert.DoesNotContain(pair.First.Value, pair.Second.Value, StringComparison.Ordinal));
    }

    [Fact]
    public void It_is_made_as_documented()
    {
        // HMAC-SHA-256 of "uann" under 32 times k, its first 160 bits in base 32; reckoned by another program.
        Assert.Equal("p_qbsqxx7rfdwq0xw6ggq9xk0vvw6y1hkc_jtpk4c", _names.Of(new("ann")).Value);
    }

    [Fact]
    public void A_pseudonym_stays_what_it_is_and_what_only_looks_like_one_does_not()
    {
        var made = _names.Of(new("ann"));
        Assert.Equal(made, _names.Of(made));
        Assert.True(_names.Is(made.Value));
        var other = new Pseudonyms(new string('o', Pseudonyms.KeyMin));
        Assert.False(other.Is(made.Value));
        Assert.NotEqual(made, other.Of(made));
        Assert.NotEqual(made, other.Of(new("ann")));
        var forged = new UserId("p_" + new string('0', 32) + "_000000");
        Assert.True(Pseudonyms.HasShape(forged.Value));
        Assert.NotEqual(forged, _names.Of(forged));
        Assert.All(
            (string[])["ann", "p_ann", made.Value[..^1], made.Value + "0", made.Value.ToUpperInvariant()],
            id => Assert.False(Pseudonyms.HasShape(id)));
    }

    [Fact]
    public void The_fingerprint_is_of_the_key_and_a_short_key_is_refused_without_being_repeated()
    {
        Assert.Equal(new Pseudonyms(new string('k', Pseudonyms.KeyMin)).Fingerprint, _names.Fingerprint);
        Assert.NotEqual(new Pseudonyms(new string('o', Pseudonyms.KeyMin)).Fingerprint, _names.Fingerprint);
        var refused = Assert.Throws<RefusedException>(() => new Pseudonyms("short-key"));
        Assert.DoesNotContain("short-key", refused.Message, StringComparison.Ordinal);
    }
}
