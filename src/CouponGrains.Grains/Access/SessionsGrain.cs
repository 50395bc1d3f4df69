using CouponGrains.Contracts.Access;

namespace CouponGrains.Grains.Access;

/// <summary>Keeps in mind which sessions were ended, until they would have ended by themselves.</summary>
[ServeRole, GrainType("sessions")]
internal sealed class SessionsGrain(
    [PersistentState("sessions", GrainsHosting.StorageName)] IPersistentState<SessionsState> state, TimeProvider time)
    : Grain, ISessionsGrain
{
    public async Task End(string session, DateTimeOffset until, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        state.State = new()
        {
            Ended = state.State.Ended.Where(ended => ended.Value > now && ended.Key != session)
                .Append(new(session, until)).ToDictionary(StringComparer.Ordinal),
        };
        try
        {
            await state.WriteStateAsync(cancel);
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }
    }

    public Task<bool> HasEnded(string session, CancellationToken cancel) =>
        Task.FromResult(state.State.Ended.ContainsKey(session));
}

/// <summary>The stored state of the sessions.</summary>
[GenerateSerializer, Immutable, Alias("cg.sessions-state")]
internal sealed record SessionsState
{
    /// <summary>Sessions that were ended, by their ids, with when they would have ended by themselves.</summary>
    [Id(0)]
    public IReadOnlyDictionary<string, DateTimeOffset> Ended { get; init; } =
        new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
}
