using Orleans.Configuration;
using Orleans.Storage;

namespace CouponGrains.SiloHost;

/// <summary>The states of grains over ADO.NET, whatever their keys. The provider takes a key for a format string when
/// it tells of it, so that a grain with a brace in its key was never stored: braces go to the store as control
/// characters, which no id of ours may hold.</summary>
internal static class GrainStates
{
    public static void AddGrainStates(this ISiloBuilder silo, string name, Action<AdoNetGrainStorageOptions> configure)
    {
        silo.AddAdoNetGrainStorage(name, configure);
        var added = silo.Services.Single(s => s.ServiceType == typeof(IGrainStorage) && Equals(s.ServiceKey, name));
        silo.Services.Remove(added);
        silo.Services.AddKeyedSingleton<IGrainStorage>(name, (services, key) =>
            new WithoutBraces((IGrainStorage)added.KeyedImplementationFactory!(services, key)));
    }

    private sealed class WithoutBraces(IGrainStorage inner) : IGrainStorage, ILifecycleParticipant<ISiloLifecycle>
    {
        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
            inner.ReadStateAsync(stateName, Plain(grainId), grainState);

        public Task ReadStateAsync<T>(
            string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
            inner.ReadStateAsync(stateName, Plain(grainId), grainState, cancellationToken);

        public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
            inner.WriteStateAsync(stateName, Plain(grainId), grainState);

        public Task WriteStateAsync<T>(
            string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
            inner.WriteStateAsync(stateName, Plain(grainId), grainState, cancellationToken);

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
            inner.ClearStateAsync(stateName, Plain(grainId), grainState);

        public Task ClearStateAsync<T>(
            string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
            inner.ClearStateAsync(stateName, Plain(grainId), grainState, cancellationToken);

        public void Participate(ISiloLifecycle observer) =>
            (inner as ILifecycleParticipant<ISiloLifecycle>)?.Participate(observer);

        private static GrainId Plain(GrainId id) => id.Key.ToString() is { } key && key.AsSpan().ContainsAny('{', '}')
            ? GrainId.Create(id.Type, key.Replace('{', '\u0002').Replace('}', '\u0003'))
            : id;
    }
}
