using CouponGrains.Contracts;
using CouponGrains.Contracts.Audit;
using CouponGrains.Contracts.Campaigns;
using CouponGrains.Domain;
using CouponGrains.Domain.Audit;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Grains.Audit;

namespace CouponGrains.Grains.Campaigns;

/// <summary>The approval of what one person may not decide alone.</summary>
internal sealed partial class CampaignGrain
{
    public async Task<Answer<CampaignApprovals>> Approvals(CancellationToken cancel) =>
        await approvals.List(Id, cancel) is { Count: > 0 } asked || await store.Get(Id, cancel) is not null
            ? new CampaignApprovals([.. await approvals.List(Id, cancel)])
            : Unknown();

    public async Task<Answer<CampaignApproval>> DecideApproval(
        int request, bool approved, string note, CancellationToken cancel)
    {
        if ((await approvals.List(Id, cancel)).FirstOrDefault(a => a.Number == request) is not { } asked)
        {
            return new Refusal(RefusalCodes.UnknownApproval, $"Campaign {Id} has no request {request}.", "/request");
        }

        if (ApprovalRules.Check(asked, Acting.Actor, note) is { } refusal)
        {
            return refusal;
        }

        var stored = await store.Get(Id, cancel);
        if (approved && await Barred(stored, asked.Wanted, cancel) is { } barred)
        {
            return barred;
        }

        var decided = asked with
        {
            Status = approved ? ApprovalStatus.Approved : ApprovalStatus.Rejected, DecidedBy = Acting.Actor,
            DecidedAt = time.GetUtcNow(), Note = note,
        };
        var told = audit.Entry(
            approved ? AuditActions.CampaignApprove : AuditActions.CampaignReject, AuditTargets.Campaign(Id),
            AuditDesk.Told("/request", request), AuditDesk.Told("/askedBy", asked.AskedBy.ToString()),
            AuditDesk.Told("/note", note));
        if (!await approvals.Decide(decided, approved ? [told, Change(stored, asked.Wanted)] : [told], cancel))
        {
            return new Refusal(RefusalCodes.ApprovalDecided,
                $"Request {request} has been decided, or the campaign was changed.", "/request");
        }

        await Changed(cancel);
        return decided;
    }

    /// <summary>Lets what follows from a change go on.</summary>
    private async Task Changed(CancellationToken cancel)
    {
        await hints.Tell(cancel);
        GoOn(); // It may have been paused.
    }

    /// <summary>Asks for a second person; answers what the first is told.</summary>
    private async Task<Refusal> Ask(Campaign? stored, Campaign wanted, CancellationToken cancel)
    {
        var entry = audit.Entry(AuditActions.CampaignAsk, AuditTargets.Campaign(Id), stored, wanted);
        var asked = await approvals.Ask(wanted, Acting.Actor, time.GetUtcNow(), cancel, entry);
        return new(RefusalCodes.ApprovalRequired,
            $"A budget of {wanted.Budget} needs a second person: request {asked.Number} waits for approval.");
    }
}
