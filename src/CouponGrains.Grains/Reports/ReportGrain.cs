using CouponGrains.Contracts;
using CouponGrains.Contracts.Reports;
using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Redemptions;
using CouponGrains.Domain.Reports;

namespace CouponGrains.Grains.Reports;

/// <summary>Reads on in the log by sums that the store makes, so that a question costs what is new. The counts live in
/// memory alone: after a restart the log is read again, piece by piece.</summary>
[GrainType("report")]
internal sealed class ReportGrain(
    [PersistentState("report", GrainsHosting.StorageName)] IPersistentState<ReportState> state,
    IReportStore reports, IEventLog log, ICampaignStore campaigns, ILedger ledger, TimeProvider time)
    : Grain, IReportGrain
{
    /// <summary>Places of the log read by one statement, so that none takes long.</summary>
    private const long PlacesMax = 250_000;

    /// <summary>Statements for one question.</summary>
    private const int StepsMax = 8;

    private readonly CouponTally _tally = new();
    private long _read;

    public async Task<CouponDays> Days(int days, CancellationToken cancel)
    {
        var first = RefusalDays.First(days, time.GetUtcNow());
        var last = (await log.Size(cancel)).LastSequence;
        for (var step = 0; step < StepsMax && _read < last; step++)
        {
            var upTo = Math.Min(last, _read + PlacesMax);
            var counts = await reports.Count(_read, upTo, cancel);
            foreach (var count in counts)
            {
                _tally.Add(count);
            }

            _read = upTo;
        }

        return new(_tally.From(first), state.State.Refused.From(first), _read >= last);
    }

    public async Task<Answer<BudgetCourse>> Course(CampaignId campaign, CancellationToken cancel)
    {
        var stored = await campaigns.Get(campaign, cancel);
        if (stored is null || await ledger.Budget(campaign, cancel) is not { } use)
        {
            return new Refusal(RefusalCodes.UnknownCampaign, $"There is no campaign {campaign}.");
        }

        var days = await reports.BudgetDays(campaign, cancel);
        var zone = CampaignRules.Zone(stored);
        var forecast = BudgetForecast.Of(
            days, use.Limit.Minor, Local(stored.Start), Local(time.GetUtcNow()), Local(stored.End.AddTicks(-1)));
        return new BudgetCourse(stored, use, days, forecast);

        DateTimeOffset Local(DateTimeOffset at) => RefusalDays.Of(TimeZoneInfo.ConvertTime(at, zone));
    }

    public async Task Refused(IReadOnlyDictionary<string, long> counts, CancellationToken cancel)
    {
        try
        {
            state.State = new() { Refused = state.State.Refused.With(RefusalDays.Of(time.GetUtcNow()), counts) };
            await state.WriteStateAsync(cancel);
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }
    }
}
