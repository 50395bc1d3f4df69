namespace CouponGrains.Simulation;

/// <summary>The truth about giving one user one coupon: what no log can tell, because a user is either given it or
/// not.</summary>
/// <param name="View">Probability that he looks at it in time.</param>
/// <param name="Claim">Probability that he claims it in time.</param>
/// <param name="Redemption">Probability that he redeems it in time.</param>
/// <param name="BuysAnyway">Probability that he would have bought in its category, in that time, without it.</param>
/// <param name="ProfitMinor">The expected change of the shop's profit by giving it: margin of the purchases that it
/// brings or costs, less the discount, in minor units.</param>
public readonly record struct Response(double View, double Claim, double Redemption, double BuysAnyway, double ProfitMinor);
