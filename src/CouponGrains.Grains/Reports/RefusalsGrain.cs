using CouponGrains.Contracts;
using CouponGrains.Contracts.Reports;
using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;

namespace CouponGrains.Grains.Reports;

/// <summary>Keeps the refusals of one campaign.</summary>
[GrainType("refusals")]
internal sealed class RefusalsGrain(
    [PersistentState("refusals", GrainsHosting.StorageName)] IPersistentState<RefusalsState> state,
    ICampaignStore campaigns, TimeProvider time) : Grain, IRefusalsGrain
{
    private CampaignId Campaign => new(this.GetPrimaryKeyString());

    public async Task<Answer<CampaignRefusals>> Show(int days, CancellationToken cancel)
    {
        var first = RefusalDays.First(days, time.GetUtcNow());
        return await campaigns.Get(Campaign, cancel) is null
            ? new Refusal(RefusalCodes.UnknownCampaign, $"There is no campaign {Campaign}.")
            : new CampaignRefusals(Campaign, days, state.State.Days.From(first));
    }

    public async Task Add(IReadOnlyDictionary<string, long> counts, CancellationToken cancel)
    {
        try
        {
            state.State = new() { Days = state.State.Days.With(RefusalDays.Of(time.GetUtcNow()), counts) };
            await state.WriteStateAsync(cancel);
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }
    }
}

/// <summary>The stored refusals of a campaign.</summary>
[GenerateSerializer, Immutable, Alias("cg.refusals-state")]
internal sealed record RefusalsState
{
    /// <summary>By midnight UTC and by reason; at most <see cref="RefusalDays.Max"/> days.</summary>
    [Id(0)]
    public IReadOnlyDictionary<DateTimeOffset, IReadOnlyDictionary<string, long>> Days { get; init; } =
        new Dictionary<DateTimeOffset, IReadOnlyDictionary<string, long>>();
}
