using System.Security.Cryptography;
using System.Text;
using CouponGrains.Contracts.Campaigns;
using CouponGrains.Domain;

namespace CouponGrains.Grains.Campaigns;

/// <summary>The stored state of a campaign: its push waves. The campaign itself is in the store.</summary>
[GenerateSerializer, Immutable, Alias("cg.campaign-waves")]
internal sealed record WavesState
{
    /// <summary>Every wave there was, in the order of their starts.</summary>
    [Id(0)]
    public WaveState[] Waves { get; init; } = [];

    /// <summary>The state with a wave added or changed.</summary>
    public WavesState With(WaveState wave) => new()
    {
        Waves = Waves.Any(w => w.Name == wave.Name)
            ? [.. Waves.Select(w => w.Name == wave.Name ? wave : w)]
            : [.. Waves, wave],
    };
}

/// <summary>A wave and how far it is.</summary>
[GenerateSerializer, Immutable, Alias("cg.wave-state")]
internal sealed record WaveState
{
    /// <summary>The caller's name for it.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>The last user looked at, or null.</summary>
    [Id(1)]
    public UserId? After { get; init; }

    /// <summary>Users looked at.</summary>
    [Id(2)]
    public long Seen { get; init; }

    /// <summary>Coupons issued.</summary>
    [Id(3)]
    public long Issued { get; init; }

    /// <summary>True when every user has been looked at.</summary>
    [Id(4)]
    public bool Done { get; init; }

    /// <summary>As people see it.</summary>
    public PushWave View => new(Name, Seen, Issued, Done);

    /// <summary>The key of this wave's issues: one coupon for each user, of each campaign.</summary>
    public string IssueKey(CampaignId campaign)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{campaign.Value.Length}:{campaign}:{Name}"));
        return "wave:" + Convert.ToHexStringLower(digest.AsSpan(0, 16));
    }
}
