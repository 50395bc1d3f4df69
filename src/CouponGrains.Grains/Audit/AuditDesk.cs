using System.Text.Json;
using CouponGrains.Contracts.Audit;
using CouponGrains.Contracts.Wire;
using CouponGrains.Domain.Audit;

namespace CouponGrains.Grains.Audit;

/// <summary>Writes down what is changed in whose name.</summary>
internal sealed class AuditDesk(IAuditLog log, TimeProvider time)
{
    /// <summary>A change of the caller, for the store that makes it.</summary>
    public AuditEntry Entry(string action, string target, params IReadOnlyList<AuditDifference> changes) => new()
    {
        At = time.GetUtcNow(), Actor = Acting.Actor, Request = Acting.Request, Action = action, Target = target,
        Changes = changes,
    };

    /// <summary>A change from one state of a thing to another; null is none.</summary>
    public AuditEntry Entry<T>(string action, string target, T? before, T? after)
        where T : class => Entry(action, target, AuditChanges.Between(Json(before), Json(after)));

    /// <summary>A value that is told of a change.</summary>
    public static AuditDifference Told(string path, object value) =>
        new(path, null, JsonSerializer.Serialize(value, WireJson.Options));

    /// <summary>Makes a change that no store of the Domain makes: recorded before, so that none goes unseen, and after,
    /// so that it is told how it ended.</summary>
    public async Task<T> Around<T>(AuditEntry entry, Func<Task<T>> change)
    {
        await log.Append(entry with { Outcome = AuditOutcome.Begun }, CancellationToken.None);
        T changed;
        try
        {
            changed = await change();
        }
        catch
        {
            await log.Append(entry with { At = time.GetUtcNow(), Outcome = AuditOutcome.Failed }, CancellationToken.None);
            throw;
        }

        await log.Append(entry with { At = time.GetUtcNow() }, CancellationToken.None);
        return changed;
    }

    /// <inheritdoc cref="Around{T}"/>
    public Task Around(AuditEntry entry, Func<Task> change) => Around(entry, async () =>
    {
        await change();
        return true;
    });

    private static JsonElement? Json<T>(T? value)
        where T : class => value is null ? null : JsonSerializer.SerializeToElement(value, WireJson.Options);
}
