using CouponGrains.Domain.Models;

namespace CouponGrains.Domain.Tests.Models;

public sealed class ModelPromotionTests
{
    [Theory]
    [InlineData(0, "")]
    [InlineData(0, "0>1")]
    [InlineData(1, "0>1 1>2")]
    [InlineData(2, "0>1 1>2 2>3")]
    [InlineData(1, "0>1 1>2 2>3 3>2")]
    [InlineData(0, "0>1 1>2 2>3 3>2 2>1")]
    [InlineData(2, "0>1 1>2 2>3 3>2 2>4")]
    public void Stepping_back_again_goes_further_back_and_not_to_what_was_left(int expected, string steps)
    {
        var history = steps.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(step => step.Split('>'))
            .Select(step => new ModelPromotion(Version(step[0]), Version(step[1]), "", DateTimeOffset.UnixEpoch)).Reverse();
        Assert.Equal(Version($"{expected}"), ModelPromotion.Before(history));
    }

    private static ModelVersion Version(string number) => new(int.Parse(number));
}
