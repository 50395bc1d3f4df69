using CouponGrains.Domain.Audit;
using CouponGrains.Domain.Campaigns;

namespace CouponGrains.Contracts.Campaigns;

/// <summary>The requests for approval of a campaign.</summary>
/// <param name="Approvals">The newest first; those that wait of all campaigns the oldest first.</param>
[GenerateSerializer, Immutable, Alias("cg.campaign-approvals")]
public sealed record CampaignApprovals([property: Id(0)] IReadOnlyList<CampaignApproval> Approvals);

[GenerateSerializer, Alias("cg.campaign-approval")]
internal struct CampaignApprovalShape
{
    [Id(0)] public int Number;
    [Id(1)] public Campaign Wanted;
    [Id(2)] public Actor AskedBy;
    [Id(3)] public DateTimeOffset AskedAt;
    [Id(4)] public ApprovalStatus Status;
    [Id(5)] public Actor? DecidedBy;
    [Id(6)] public DateTimeOffset? DecidedAt;
    [Id(7)] public string Note;
}

[RegisterConverter, RegisterCopier]
internal sealed class CampaignApprovalConverter : Shaped<CampaignApproval, CampaignApprovalShape>
{
    public override CampaignApprovalShape ConvertToSurrogate(in CampaignApproval value) => new()
    {
        Number = value.Number, Wanted = value.Wanted, AskedBy = value.AskedBy, AskedAt = value.AskedAt,
        Status = value.Status, DecidedBy = value.DecidedBy, DecidedAt = value.DecidedAt, Note = value.Note,
    };

    public override CampaignApproval ConvertFromSurrogate(in CampaignApprovalShape shape) => new()
    {
        Number = shape.Number, Wanted = shape.Wanted, AskedBy = shape.AskedBy, AskedAt = shape.AskedAt,
        Status = shape.Status, DecidedBy = shape.DecidedBy, DecidedAt = shape.DecidedAt, Note = shape.Note,
    };
}
