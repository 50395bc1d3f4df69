namespace CouponGrains.Contracts.Access;

/// <summary>Which sessions of people were ended before their time; there is one, key 0. Sessions themselves are nowhere
/// but in their browsers.</summary>
[Alias("cg.sessions"), GrainInterfaceType("cg.sessions")]
public interface ISessionsGrain : IGrainWithIntegerKey
{
    /// <summary>Ends a session, durably.</summary>
    /// <param name="session">Its id.</param>
    /// <param name="until">When it would have ended by itself, so that it need not be kept in mind for longer.</param>
    /// <param name="cancel">Stops the waiting.</param>
    [Alias("end")]
    Task End(string session, DateTimeOffset until, CancellationToken cancel = default);

    /// <summary>True if the session was ended.</summary>
    [Alias("has-ended")]
    Task<bool> HasEnded(string session, CancellationToken cancel = default);
}
