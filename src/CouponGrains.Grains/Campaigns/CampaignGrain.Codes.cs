using CouponGrains.Contracts;
using CouponGrains.Contracts.Campaigns;
using CouponGrains.Domain.Audit;
using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Coupons;
using CouponGrains.Grains.Audit;

namespace CouponGrains.Grains.Campaigns;

/// <summary>The batches of codes: their progress is in the store, each step of it in one transaction with the codes
/// that it made.</summary>
internal sealed partial class CampaignGrain
{
    private const int CodesPerStep = 2_000;

    private IGrainTimer? _codeSteps;

    public async Task<Answer<CodeBatch>> OrderCodes(CodeOrder order, CancellationToken cancel)
    {
        if (order.Campaign != Id)
        {
            return new Refusal(RefusalCodes.InvalidId, "The order names another campaign.", "/campaign");
        }

        if (await store.Get(Id, cancel) is null)
        {
            return Unknown();
        }

        var answer = await codes.Order(order, time.GetUtcNow(), cancel, audit.Entry(
            AuditActions.CampaignCodes, AuditTargets.Campaign(Id), AuditDesk.Told("", order)));
        if (answer.Batch is not { } batch)
        {
            return answer.Refusal!;
        }

        GoOnWithCodes([batch]);
        return batch;
    }

    public async Task<Answer<CodeBatch>> Codes(string name, CancellationToken cancel) =>
        (await codes.Batches(Id, cancel)).FirstOrDefault(b => b.Name == name) is { } batch
            ? batch
            : new Refusal(RefusalCodes.UnknownBatch, $"Campaign {Id} has no batch of codes {name}.");

    public async Task<Answer<CodePage>> CodePage(string name, int after, CancellationToken cancel)
    {
        var batch = await Codes(name, cancel);
        return batch.Succeeded
            ? new CodePage([.. await codes.Codes(Id, name, after, CodeRules.StepMax, cancel)])
            : batch.Refusal;
    }

    public async Task<Answer<SharedCode>> ShareCode(SharedCodeOrder order, CancellationToken cancel)
    {
        if (order.Campaign != Id)
        {
            return new Refusal(RefusalCodes.InvalidId, "The wish names another campaign.", "/campaign");
        }

        if (await store.Get(Id, cancel) is null)
        {
            return Unknown();
        }

        var answer = await codes.Share(order, time.GetUtcNow(), cancel, audit.Entry(
            AuditActions.CampaignCodes, AuditTargets.Campaign(Id), AuditDesk.Told("", order)));
        return answer.Code is { } code ? code : answer.Refusal!;
    }

    public async Task<Answer<SharedCodeList>> SharedCodes(CancellationToken cancel) => await store.Get(Id, cancel) is null
        ? Unknown()
        : new SharedCodeList([.. await codes.Shared(Id, cancel)]);

    private void GoOnWithCodes(IReadOnlyList<CodeBatch> batches)
    {
        if (batches.Any(b => !b.Done))
        {
            _codeSteps ??= this.RegisterGrainTimer(MakeCodes, new GrainTimerCreationOptions(
                TimeSpan.Zero, TimeSpan.FromMilliseconds(1)) { KeepAlive = true, Interleave = true });
        }
    }

    /// <summary>One step of the oldest batch that is not done. A campaign that is over needs no more of them.</summary>
    private async Task MakeCodes(CancellationToken cancel)
    {
        if (await store.Get(Id, cancel) is { Status: not CampaignStatus.Archived }
            && (await codes.Batches(Id, cancel)).FirstOrDefault(b => !b.Done) is { } batch)
        {
            await codes.Make(Id, batch.Name, CodesPerStep, cancel);
            return;
        }

        _codeSteps?.Dispose();
        _codeSteps = null;
    }
}
