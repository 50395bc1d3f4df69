using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Ranking;

namespace CouponGrains.Contracts.Campaigns;

[GenerateSerializer, Alias("cg.audience")]
internal struct AudienceShape
{
    [Id(0)] public IReadOnlyDictionary<string, IReadOnlyList<string>> Attributes;
    [Id(1)] public int? OrdersMin;
    [Id(2)] public int? OrdersMax;
}

[RegisterConverter, RegisterCopier]
internal sealed class AudienceConverter : Shaped<Audience, AudienceShape>
{
    public override AudienceShape ConvertToSurrogate(in Audience value) =>
        new() { Attributes = value.Attributes, OrdersMin = value.OrdersMin, OrdersMax = value.OrdersMax };

    public override Audience ConvertFromSurrogate(in AudienceShape shape) =>
        new() { Attributes = shape.Attributes, OrdersMin = shape.OrdersMin, OrdersMax = shape.OrdersMax };
}

[GenerateSerializer, Alias("cg.caps")]
internal struct CapsShape
{
    [Id(0)] public int OpenPerUser;
    [Id(1)] public int IssuedPerUser;
    [Id(2)] public int RedeemedPerUser;
    [Id(3)] public FrequencyCaps? Frequency;
}

[RegisterConverter, RegisterCopier]
internal sealed class CapsConverter : Shaped<Caps, CapsShape>
{
    public override CapsShape ConvertToSurrogate(in Caps value) => new()
    {
        OpenPerUser = value.OpenPerUser,
        IssuedPerUser = value.IssuedPerUser,
        RedeemedPerUser = value.RedeemedPerUser,
        Frequency = value.Frequency,
    };

    public override Caps ConvertFromSurrogate(in CapsShape shape) => new()
    {
        OpenPerUser = shape.OpenPerUser,
        IssuedPerUser = shape.IssuedPerUser,
        RedeemedPerUser = shape.RedeemedPerUser,
        Frequency = shape.Frequency ?? new(), // Senders of before have none.
    };
}

[GenerateSerializer, Alias("cg.frequency-caps")]
internal struct FrequencyCapsShape
{
    [Id(0)] public int? IssuedPerDay;
    [Id(1)] public int? IssuedPerWeek;
    [Id(2)] public TimeSpan CoolDownAfterIssue;
    [Id(3)] public TimeSpan CoolDownAfterExpiry;
}

[RegisterConverter, RegisterCopier]
internal sealed class FrequencyCapsConverter : Shaped<FrequencyCaps, FrequencyCapsShape>
{
    public override FrequencyCapsShape ConvertToSurrogate(in FrequencyCaps value) => new()
    {
        IssuedPerDay = value.IssuedPerDay,
        IssuedPerWeek = value.IssuedPerWeek,
        CoolDownAfterIssue = value.CoolDownAfterIssue,
        CoolDownAfterExpiry = value.CoolDownAfterExpiry,
    };

    public override FrequencyCaps ConvertFromSurrogate(in FrequencyCapsShape shape) => new()
    {
        IssuedPerDay = shape.IssuedPerDay,
        IssuedPerWeek = shape.IssuedPerWeek,
        CoolDownAfterIssue = shape.CoolDownAfterIssue,
        CoolDownAfterExpiry = shape.CoolDownAfterExpiry,
    };
}

[GenerateSerializer, Alias("cg.limit")]
internal struct LimitShape
{
    [Id(0)] public LimitPer Per;
    [Id(1)] public LimitPeriod Period;
    [Id(2)] public int? Count;
    [Id(3)] public Money? Value;
}

[RegisterConverter, RegisterCopier]
internal sealed class LimitConverter : Shaped<Limit, LimitShape>
{
    public override LimitShape ConvertToSurrogate(in Limit value) =>
        new() { Per = value.Per, Period = value.Period, Count = value.Count, Value = value.Value };

    public override Limit ConvertFromSurrogate(in LimitShape shape) =>
        new() { Per = shape.Per, Period = shape.Period, Count = shape.Count, Value = shape.Value };
}

[GenerateSerializer, Alias("cg.campaign-plan")]
internal struct CampaignShape
{
    [Id(0)] public CampaignId Id;
    [Id(1)] public string Name;
    [Id(2)] public int Revision;
    [Id(3)] public CampaignStatus Status;
    [Id(4)] public DateTimeOffset Start;
    [Id(5)] public DateTimeOffset End;
    [Id(6)] public string TimeZone;
    [Id(7)] public Money Budget;
    [Id(8)] public int? RedemptionsMax;
    [Id(9)] public Audience Audience;
    [Id(10)] public Caps Caps;
    [Id(11)] public Guardrails Guardrails;
    [Id(12)] public RankingOptions Ranking;
    [Id(13)] public OfferApproval Approval;
    [Id(14)] public IReadOnlyList<Limit>? Limits;
}

[RegisterConverter, RegisterCopier]
internal sealed class CampaignConverter : Shaped<Campaign, CampaignShape>
{
    public override CampaignShape ConvertToSurrogate(in Campaign value) => new()
    {
        Id = value.Id,
        Name = value.Name,
        Revision = value.Revision,
        Status = value.Status,
        Start = value.Start,
        End = value.End,
        TimeZone = value.TimeZone,
        Budget = value.Budget,
        RedemptionsMax = value.RedemptionsMax,
        Audience = value.Audience,
        Caps = value.Caps,
        Guardrails = value.Guardrails,
        Ranking = value.Ranking,
        Approval = value.Approval,
        Limits = value.Limits,
    };

    public override Campaign ConvertFromSurrogate(in CampaignShape shape) => new()
    {
        Id = shape.Id,
        Name = shape.Name,
        Revision = shape.Revision,
        Status = shape.Status,
        Start = shape.Start,
        End = shape.End,
        TimeZone = shape.TimeZone,
        Budget = shape.Budget,
        RedemptionsMax = shape.RedemptionsMax,
        Audience = shape.Audience,
        Caps = shape.Caps,
        Guardrails = shape.Guardrails,
        Ranking = shape.Ranking,
        // Senders from before there were reviews leave it out.
        Approval = shape.Approval == 0 ? OfferApproval.Automatic : shape.Approval,
        Limits = shape.Limits ?? [],
    };
}

[GenerateSerializer, Alias("cg.budget-use")]
internal struct BudgetUseShape
{
    [Id(0)] public Money Limit;
    [Id(1)] public Money Spent;
    [Id(2)] public long Issued;
    [Id(3)] public long Redeemed;
    [Id(4)] public long ReservedMinor;
    [Id(5)] public long Held;
}

[RegisterConverter, RegisterCopier]
internal sealed class BudgetUseConverter : Shaped<BudgetUse, BudgetUseShape>
{
    public override BudgetUseShape ConvertToSurrogate(in BudgetUse value) => new()
    {
        Limit = value.Limit,
        Spent = value.Spent,
        Issued = value.Issued,
        Redeemed = value.Redeemed,
        ReservedMinor = value.ReservedMinor,
        Held = value.Held,
    };

    public override BudgetUse ConvertFromSurrogate(in BudgetUseShape shape) =>
        new(shape.Limit, shape.Spent, shape.Issued, shape.Redeemed)
        {
            ReservedMinor = shape.ReservedMinor,
            Held = shape.Held,
        };
}
