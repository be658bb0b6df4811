//! Who of a crowd the filters on a cache let in.

use std::collections::BTreeSet;

use cachewarden_model::{Cache, Direction, IpFamilies, Service};

use super::Crowd;
use crate::admits::Admits;
use crate::audit::Work;
use crate::peer::Via;

/// Who of a crowd is let in on one port.
pub(super) struct Admitted<'a> {
    port: u16,
    via: Via<'a>,
    private_link: bool,
    families: IpFamilies,
    /// By bunch: those who are not let in for sure, sorted.
    except: Vec<Vec<u32>>,
}

impl<'a> Crowd<'_, 'a> {
    /// Members of a bunch that the filters on a cache do not let in for sure
    /// at every endpoint.
    pub(super) fn except(
        &mut self,
        work: &Work<'_, 'a>,
        cache: &'a Cache,
        bunch: usize,
        vias: &[Via<'a>],
    ) -> BTreeSet<u32> {
        let mut except = BTreeSet::new();
        for (endpoint, via) in cache.endpoints.iter().zip(vias) {
            let place = self.admitted(work, cache, endpoint.port, *via);
            let known = self.admits.get(place);
            except.extend(
                known
                    .and_then(|it| it.except.get(bunch))
                    .into_iter()
                    .flatten(),
            );
        }
        except
    }

    /// The place in `admits` of who is let in by a cache's filters.
    fn admitted(
        &mut self,
        work: &Work<'_, 'a>,
        cache: &'a Cache,
        port: u16,
        via: Via<'a>,
    ) -> usize {
        let private_link = cache.service == Service::ElastiCacheServerless;
        let families = cache.families.value().copied();
        let families = families.unwrap_or(IpFamilies::DualStack);
        let is_it = |it: &Admitted<'a>| {
            it.port == port
                && it.via.is_same(&via)
                && it.private_link == private_link
                && it.families == families
        };
        self.admits.iter().position(is_it).unwrap_or_else(|| {
            let filters = self.entrance.filters.unwrap_or_default();
            let admits = Admits::new(
                work.estate,
                filters,
                Direction::Ingress,
                port,
                via,
                private_link,
            );
            let shut_out = |client: &&u32| {
                let interface = work.estate.interface(**client);
                !interface.is_some_and(|it| admits.interface(it, families))
            };
            let bunches = self.bunches.iter();
            let except = bunches.map(|it| it.clients.iter().filter(shut_out).copied().collect());
            self.admits.push(Admitted {
                port,
                via,
                private_link,
                families,
                except: except.collect(),
            });
            self.admits.len() - 1
        })
    }
}
