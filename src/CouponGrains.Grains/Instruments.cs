using CouponGrains.Grains.Coupons;
using CouponGrains.Grains.Events;
using CouponGrains.Grains.Profiles;
using CouponGrains.Grains.Redemptions;

namespace CouponGrains.Grains;

/// <summary>The instruments of the stages that a user grain takes part in.</summary>
/// <param name="Events">Observe.</param>
/// <param name="Profiles">Profile.</param>
/// <param name="Coupons">Distribute.</param>
/// <param name="Redemptions">Settle.</param>
internal sealed record Instruments(
    EventInstruments Events, ProfileInstruments Profiles, CouponInstruments Coupons, RedemptionInstruments Redemptions);
