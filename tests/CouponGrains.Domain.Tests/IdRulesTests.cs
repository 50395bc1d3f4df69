namespace CouponGrains.Domain.Tests;

public sealed class IdRulesTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" a")]
    [InlineData("a\t")]
    [InlineData("a\0b")]
    public void What_may_not_be_an_id_is_no_id(string value)
    {
        Assert.False(IdRules.IsValid(value));
        Assert.Throws<ArgumentException>(() => new UserId(value));
        Assert.Throws<ArgumentException>(() => new ItemId(value));
    }

    [Fact]
    public void An_id_has_at_most_128_characters()
    {
        Assert.True(IdRules.IsValid(new('x', 128)));
        Assert.False(IdRules.IsValid(new('x', 129)));
        Assert.True(IdRules.IsValid("北京 用户 #1"));
    }

    [Fact]
    public void Ids_are_ordered_by_their_characters_alike_everywhere() =>
        Assert.Equal(["B", "a", "ä"], new[] { new ItemId("ä"), new("a"), new("B") }.Order().Select(i => i.Value));

    [Fact]
    public void What_is_no_id_is_not_repeated_in_the_message() => Assert.DoesNotContain(
        "ann@example.org", Assert.Throws<ArgumentException>(() => new UserId(" ann@example.org")).Message);
}
