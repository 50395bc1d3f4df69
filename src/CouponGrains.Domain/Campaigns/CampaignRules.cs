using CouponGrains.Domain.Profiles;

namespace CouponGrains.Domain.Campaigns;

/// <summary>Which campaigns are accepted, and whom they address.</summary>
public static class CampaignRules
{
    /// <summary>The first rule that <paramref name="campaign"/> breaks (window upside down, unknown zone, negative budget,
    /// currencies that differ, guardrails that allow nothing), or null.</summary>
    public static Refusal? Check(Campaign campaign) => throw new NotImplementedException();

    /// <summary>True if the user is in the audience.</summary>
    public static bool Addresses(Audience audience, UserProfile profile) => throw new NotImplementedException();
}
