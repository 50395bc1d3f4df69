using CouponGrains.Contracts;
using CouponGrains.Contracts.Reports;
using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Redemptions;
using CouponGrains.Domain.Reports;

namespace CouponGrains.Grains.Reports;

/// <summary>Reads on in the log by sums that the store makes, so that a question costs what is new. The counts live in memory
/// alone: after a restart the log is read again, piece by piece.</summary>
[GrainType("report")]
internal sealed class ReportGrain(
    [PersistentState("report", GrainsHosting.StorageName)] IPersistentState<ReportState> state,
    IReportStore reports, IEventLog log, ICampaignStore campaigns, ILedger ledger, TimeProvider time)
    : Grain, IReportGrain
{
    /// <summary>The most days told.</summary>
    internal const int DaysMax = 366;

    /// <summary>Places of the log read by one statement, so that none takes long.</summary>
    private const long PlacesMax = 250_000;

    /// <summary>Statements for one question.</summary>
    private const int StepsMax = 8;

    private readonly CouponTally _tally = new();
    private long _read;

    public async Task<CouponDays> Days(int days, CancellationToken cancel)
    {
        if (days is < 1 or > DaysMax)
        {
            throw new RefusedException(
                RefusalCodes.InvalidValue, $"The days must be 1 to {DaysMax}, but were {days}.");
        }

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

        var first = Today(time.GetUtcNow()).AddDays(1 - days);
        return new(_tally.From(first), Refusals(first), _read >= last);
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

        DateTimeOffset Local(DateTimeOffset at) => Today(TimeZoneInfo.ConvertTime(at, zone));
    }

    public async Task Refused(IReadOnlyDictionary<string, long> counts, CancellationToken cancel)
    {
        var today = Today(time.GetUtcNow());
        var sum = new Dictionary<string, long>(state.State.Refused.GetValueOrDefault(today)
            ?? new Dictionary<string, long>());
        foreach (var (reason, count) in counts)
        {
            sum[reason] = sum.GetValueOrDefault(reason) + count;
        }

        var refused = state.State.Refused.Where(day => day.Key > today.AddDays(-DaysMax)).ToDictionary();
        refused[today] = sum;
        try
        {
            state.State = new() { Refused = refused };
            await state.WriteStateAsync(cancel);
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }
    }

    private Dictionary<string, long> Refusals(DateTimeOffset first) => state.State.Refused
        .Where(day => day.Key >= first)
        .SelectMany(day => day.Value)
        .GroupBy(count => count.Key, count => count.Value)
        .ToDictionary(group => group.Key, group => group.Sum());

    private static DateTimeOffset Today(DateTimeOffset at) => new(at.Date, TimeSpan.Zero);
}
