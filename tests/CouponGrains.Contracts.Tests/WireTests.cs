using System.Reflection;
using CouponGrains.Contracts.Profiles;
using CouponGrains.Domain;
using CouponGrains.Domain.Coupons;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Profiles;
using CouponGrains.Domain.Redemptions;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace CouponGrains.Contracts.Tests;

public sealed class WireTests
{
    private static readonly ServiceProvider Services =
        new ServiceCollection().AddSerializer(s => s.AddAssembly(typeof(IUserGrain).Assembly)).BuildServiceProvider();

    private static readonly Serializer Wire = Services.GetRequiredService<Serializer>();

    public static TheoryData<string, bool, Lists> Cases()
    {
        var cases = new TheoryData<string, bool, Lists>();
        foreach (var type in WireTypes.All)
        {
            foreach (var lists in Enum.GetValues<Lists>())
            {
                cases.Add(type.ToString(), false, lists);
            }

            cases.Add(type.ToString(), true, Lists.Empty);
        }

        return cases;
    }

    [Fact]
    public void The_wire_types_are_found_by_looking_at_the_interfaces()
    {
        Assert.Equal(16, WireTypes.Interfaces.Count);
        Assert.Contains(typeof(Money), WireTypes.All);
        Assert.Contains(typeof(Answer<Coupon>), WireTypes.All);
        Assert.Contains(typeof(RedemptionAnswer), WireTypes.All);
        Assert.True(WireTypes.All.Count > 50, $"Only {WireTypes.All.Count} found.");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_wire_type_comes_back_as_it_went(string name, bool nulls, Lists lists)
    {
        var type = WireTypes.All.Single(t => t.ToString() == name);
        var sample = Samples.Make(type, nulls, lists);
        typeof(WireTests).GetMethod(nameof(RoundTrip), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(type).Invoke(null, [sample]);
    }

    [Theory]
    [InlineData(Lists.Empty)]
    [InlineData(Lists.OneElementExpression)]
    [InlineData(Lists.Expression)]
    [InlineData(Lists.SpreadExpression)]
    [InlineData(Lists.List)]
    [InlineData(Lists.Array)]
    public void A_read_only_list_may_be_any_list(Lists lists)
    {
        var sample = (IReadOnlyList<Offer>)Samples.Make(typeof(IReadOnlyList<Offer>), false, lists);
        RoundTrip(sample);
        RoundTrip<IReadOnlyList<Refusal?>>([null, new("a", "b"), null]);
        Assert.Equal(Samples.Print(sample), Samples.Print(Wire.Deserialize<object>(Wire.SerializeToArray<object>(sample.ToArray()))));
    }

    [Fact]
    public void One_list_held_twice_comes_back_twice()
    {
        IReadOnlyList<ItemId> items = [new("a"), new("b")];
        var scope = new OfferScope { Items = items, Excluded = items };
        RoundTrip(scope);
        RoundTrip<IReadOnlyList<OfferScope>>([scope, scope]);
    }

    [Fact]
    public void A_copy_within_the_silo_is_the_immutable_value_itself()
    {
        var offer = (Offer)Samples.Make(typeof(Offer), false, Lists.List);
        Assert.Same(offer, Services.GetRequiredService<DeepCopier<Offer>>().Copy(offer));
        IReadOnlyList<Offer> offers = new List<Offer> { offer };
        var copy = Services.GetRequiredService<DeepCopier<IReadOnlyList<Offer>>>().Copy(offers);
        Assert.NotSame(offers, copy);
        Assert.Same(offer, copy[0]);
    }

    [Fact]
    public void An_identifier_that_is_none_is_refused_on_arrival()
    {
        var bytes = Wire.SerializeToArray(new UserId("abcde"));
        var at = bytes.AsSpan().IndexOf("abcde"u8);
        bytes[at] = (byte)'\n';
        Assert.Throws<ArgumentException>(() => Wire.Deserialize<UserId>(bytes));
    }

    [Theory]
    [InlineData(typeof(Money))]
    [InlineData(typeof(Coupon))]
    [InlineData(typeof(Offer))]
    [InlineData(typeof(Discount))]
    [InlineData(typeof(RedemptionRequest))]
    [InlineData(typeof(RedemptionAnswer))]
    public void Money_on_the_wire_has_the_bytes_of_the_last_release(Type type)
    {
        var sample = Samples.Make(type, false, Lists.Expression);
        var fixture = Path.Combine(AppContext.BaseDirectory, "Fixtures", type.Name + ".hex");
        var bytes = (byte[])typeof(WireTests).GetMethod(nameof(Bytes), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(type).Invoke(null, [sample])!;
        Assert.Equal(File.ReadAllText(fixture).Trim(), Convert.ToHexString(bytes));
    }

    [Fact]
    public void Weights_stored_before_refunds_had_one_take_a_refund_as_minus_a_purchase()
    {
        const string Stored = "20809A9999999999B93F81000000000000D03F81000000000000084081008064F892170000E0";
        Assert.Equal(
            new BehaviourWeights { View = 0.1, Cart = 0.25, Purchase = 3, Refund = 3, HalfLife = TimeSpan.FromDays(30) },
            Wire.Deserialize<BehaviourWeights>(Convert.FromHexString(Stored)));
    }

    [Fact]
    public void What_the_first_release_wrote_is_read_with_defaults_for_what_came_later()
    {
        Offer offer = First<Offer>(), now = Sample<Offer>();
        Assert.Equal(
            Samples.Print(now with
            {
                Kind = OfferKind.PercentOff,
                Tiers = [],
                RepeatsMax = 1,
                Points = null,
                Bundle = null,
                OrdersMin = null,
                OrdersMax = null,
                Times = null,
                Stock = null,
                Stacking = new(),
                UsesMax = 1,
            }), Samples.Print(offer with { Kind = OfferKind.PercentOff }));
        Assert.Equal(Samples.Print(Before(Sample<Discount>())), Samples.Print(First<Discount>()));
        var request = Sample<RedemptionRequest>();
        Assert.Equal(
            Samples.Print(request with { Cart = request.Cart with { Points = null } }),
            Samples.Print(First<RedemptionRequest>()));
        RedemptionAnswer answer = First<RedemptionAnswer>(), sample = Sample<RedemptionAnswer>();
        var redemption = sample.Redemption! with { Discount = Before(sample.Redemption.Discount) };
        Assert.Equal(
            Samples.Print(new RedemptionAnswer(answer.Status, Before(sample.Discount!), redemption)),
            Samples.Print(answer));

        Assert.Equal(
            Samples.Print(Sample<Coupon>() with { RedemptionProbability = null, UsesMax = 1, Uses = 0 }), Samples.Print(First<Coupon>()));

        static Discount Before(Discount discount) =>
            discount with { PointsSpent = 0, PointsEarned = 0, EarnedOn = null };
    }

    private static T First<T>() => Wire.Deserialize<T>(Convert.FromHexString(File.ReadAllText(
        Path.Combine(AppContext.BaseDirectory, "Fixtures", "FirstRelease", typeof(T).Name + ".hex")).Trim()))!;

    private static T Sample<T>() => (T)Samples.Make(typeof(T), false, Lists.Expression);

    private static byte[] Bytes<T>(T sample) => Wire.SerializeToArray(sample);

    private static void RoundTrip<T>(T sample)
    {
        var bytes = Wire.SerializeToArray(sample);
        Assert.Equal(Samples.Print(sample), Samples.Print(Wire.Deserialize<T>(bytes)));
        Assert.Equal(Samples.Print(sample), Samples.Print(Services.GetRequiredService<DeepCopier<T>>().Copy(sample)));
    }
}
